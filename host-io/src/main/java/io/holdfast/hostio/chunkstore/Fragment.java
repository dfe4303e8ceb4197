package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One fragment's place and state in memory. Guarded by itself; the end of the chain is changed by the
/// committer thread only.
final class Fragment {
    private final FragmentId id;
    private final ErasureProfile profile;
    private final long nonce;
    private final long creationToken;
    private int[] extents = new int[1];
    private int extentCount;
    private FragmentState state = FragmentState.OPEN;
    private Tail tail;
    private int stripCount;
    private long payloadBytes;
    private int rowLimit = Integer.MAX_VALUE;
    private @Nullable RowIndex index = new RowIndex();

    Fragment(FragmentId id, ErasureProfile profile, long nonce, long creationToken) {
        this.id = id;
        this.profile = profile;
        this.nonce = nonce;
        this.creationToken = creationToken;
        this.tail = new Tail(0, Layout.BLOCK_BYTES, new Chain(nonce, 0, 0));
    }

    /// Where the next batch goes.
    ///
    /// @param ordinal of the extent
    /// @param offset in the extent
    /// @param chain what the batch continues
    record Tail(int ordinal, int offset, Chain chain) {}

    /// Where a strip lies.
    ///
    /// @param headerOffset of its header in the header's extent, which is also the payload's
    record Location(int extent, int headerOffset, int payloadOffset) {}

    FragmentId id() {
        return id;
    }

    ErasureProfile profile() {
        return profile;
    }

    long nonce() {
        return nonce;
    }

    synchronized ExtentHeader extentHeader(int ordinal, int extent, Tail at) {
        return new ExtentHeader(
                ExtentHeader.State.USED,
                id,
                nonce,
                ordinal,
                profile,
                creationToken,
                at.chain().nextSequence(),
                tail.chain().nextSequence(),
                at.chain().checksum(),
                extent);
    }

    synchronized void addExtent(int extent) {
        if (extentCount == extents.length) {
            extents = Arrays.copyOf(extents, extentCount * 2);
        }
        extents[extentCount++] = extent;
    }

    synchronized int[] extents() {
        return Arrays.copyOf(extents, extentCount);
    }

    synchronized int extentCount() {
        return extentCount;
    }

    /// Forgets extents after the first `count`.
    synchronized void truncateExtents(int count) {
        extentCount = count;
    }

    synchronized FragmentState state() {
        return state;
    }

    synchronized void become(FragmentState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("fragment=" + id + " from=" + state + " to=" + next);
        }
        state = next;
    }

    synchronized void seal(FragmentFooter footer) {
        become(FragmentState.SEALED);
        rowLimit = footer.rowLimit();
        stripCount = footer.stripCount();
        payloadBytes = footer.payloadBytes();
        if (index != null) {
            index.removeFrom(rowLimit);
        }
    }

    synchronized int rowLimit() {
        return rowLimit;
    }

    synchronized Tail tail() {
        return tail;
    }

    /// Moves the end on, over batches that are durable.
    synchronized void advance(Tail next) {
        tail = next;
    }

    synchronized void count(int payload) {
        stripCount++;
        payloadBytes += payload;
    }

    synchronized @Nullable RowIndex index() {
        return index;
    }

    synchronized void setIndex(@Nullable RowIndex next) {
        index = next;
    }

    /// Notes where a strip lies, if the index is loaded.
    synchronized void put(int row, int header, int payload) {
        if (index != null) {
            index.put(row, header, payload);
        }
    }

    /// Where the row's strip lies; null if there is none. The index must be loaded.
    synchronized @Nullable Location locate(int row, int extentBytes) {
        RowIndex loaded = index;
        int at = loaded == null || row >= rowLimit ? -1 : loaded.find(row);
        if (loaded == null || at < 0) {
            return null;
        }
        long header = (long) loaded.header(at) * StripHeader.BYTES;
        long payload = (long) loaded.payload(at) * Layout.BLOCK_BYTES;
        int extent = extents[(int) (header / extentBytes)];
        return new Location(extent, (int) (header % extentBytes), (int) (payload % extentBytes));
    }

    synchronized FragmentStatus status() {
        return new FragmentStatus(id, profile, state, rowLimit, stripCount, payloadBytes, extentCount);
    }
}
