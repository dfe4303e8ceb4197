package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.DiskException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks the chain of a fragment's batches as they lie on disk, and says where and why it ends. Confined to
/// the caller.
///
/// The chain may end before the last batch on disk. If any later batch, extent or footer was written when
/// the missing one was acknowledged already, that is damage, and the walk goes on behind it; otherwise the
/// rest was never acknowledged, and the fragment ends there.
final class FragmentScan {
    private final Segments segments;
    private final FragmentId id;
    private final int[] extents;
    private final List<ExtentHeader> headers;
    private final Visitor visitor;
    private final ByteBuffer block = Layout.block();
    private @Nullable ByteBuffer payload;
    private final List<CorruptDataException> damages = new ArrayList<>();
    private final List<Batch> unproven = new ArrayList<>();
    private int ordinal;
    private int offset = Layout.BLOCK_BYTES;
    private Chain chain;
    private @Nullable FragmentFooter footer;
    private @Nullable Place torn;

    /// Hears of each strip in the order they were written.
    @FunctionalInterface
    interface Visitor {
        void strip(StripHeader header, int ordinal, int headerOffset, int payloadOffset);
    }

    private record Batch(Fragment.Tail before, BatchHeader header) {}

    /// @param headers the headers of the extents, by ordinal
    FragmentScan(
            Segments segments,
            FragmentId id,
            int[] extents,
            List<ExtentHeader> headers,
            Visitor visitor) {
        this.segments = segments;
        this.id = id;
        this.extents = extents;
        this.headers = headers;
        this.visitor = visitor;
        this.chain = new Chain(headers.getFirst().nonce(), 0, 0);
    }

    /// Walks from the beginning of an extent to the end of the chain.
    void run(int fromOrdinal) {
        ExtentHeader first = headers.get(fromOrdinal);
        ordinal = fromOrdinal;
        chain = new Chain(first.nonce(), first.firstSequence(), first.previousChecksum());
        while (footer == null && step()) {
            // Each step takes one batch, one extent, or jumps over damage.
        }
    }

    private boolean step() {
        if (hasRoom() && readBlock(ordinal, offset)) {
            Place place = place(ordinal, offset);
            Optional<BatchHeader> batch = batch(place);
            if (batch.isPresent() && batch.get().continues(chain)) {
                take(batch.get());
                return true;
            }
            Optional<FragmentFooter> found = footer(place);
            if (found.isPresent() && found.get().chain().equals(chain)) {
                footer = found.get();
                prove(footer.durableSequence());
                return true;
            }
        }
        return nextExtent() || jumpOverDamage();
    }

    private boolean hasRoom() {
        return offset + Layout.BLOCK_BYTES <= segments.geometry().extentBytes();
    }

    private void take(BatchHeader batch) {
        prove(batch.durableSequence());
        unproven.add(new Batch(new Fragment.Tail(ordinal, offset, chain), batch));
        int payloadOffset = offset + Layout.BLOCK_BYTES;
        for (int i = 0; i < batch.stripCount(); i++) {
            int at = BatchHeader.stripOffset(i);
            Place place = place(ordinal, offset + at);
            try {
                StripHeader strip = StripHeader.decode(block, at, batch.nonce(), place);
                visitor.strip(strip, ordinal, offset + at, payloadOffset);
                payloadOffset += strip.payloadBytes();
            } catch (CorruptDataException inside) {
                damages.add(inside); // The block's checksum holds, so it was written like this.
                break;
            }
        }
        offset += Layout.BLOCK_BYTES + batch.payloadBytes();
        chain = chain.after(batch.checksum());
    }

    private boolean nextExtent() {
        if (ordinal + 1 >= extents.length) {
            return false;
        }
        ExtentHeader next = headers.get(ordinal + 1);
        if (next.firstSequence() != chain.nextSequence() || next.previousChecksum() != chain.checksum()) {
            return false;
        }
        prove(next.durableSequence());
        ordinal++;
        offset = Layout.BLOCK_BYTES;
        return true;
    }

    /// Batches below were acknowledged.
    private void prove(long durableSequence) {
        unproven.removeIf(earlier -> earlier.header.sequence() < durableSequence);
    }

    /// Looks for proof that the batch missing here was acknowledged; if there is, the walk goes on at the
    /// proof.
    private boolean jumpOverDamage() {
        for (int o = ordinal; o < extents.length; o++) {
            if (o > ordinal && headers.get(o).durableSequence() > chain.nextSequence()) {
                ExtentHeader proof = headers.get(o);
                Chain resumed = new Chain(chain.nonce(), proof.firstSequence(), proof.previousChecksum());
                return resume(o, Layout.BLOCK_BYTES, resumed);
            }
            int from = o == ordinal ? offset : Layout.BLOCK_BYTES;
            int until = Math.min(segments.geometry().extentBytes(), from + 2 * BatchHeader.BYTES_MAX);
            for (int at = from; at + Layout.BLOCK_BYTES <= until; at += Layout.BLOCK_BYTES) {
                if (readBlock(o, at) && isProof(place(o, at))) {
                    return resume(o, at, proofChain(place(o, at)));
                }
            }
        }
        if (hasRoom() && readBlock(ordinal, offset) && !Layout.isBlank(block)) {
            torn = place(ordinal, offset);
        }
        return false;
    }

    private boolean isProof(Place place) {
        long next = chain.nextSequence();
        return batch(place)
                        .filter(batch -> batch.nonce() == chain.nonce() && batch.durableSequence() > next)
                        .isPresent()
                || footer(place)
                        .filter(end -> end.chain().nonce() == chain.nonce() && end.durableSequence() > next)
                        .isPresent();
    }

    private Chain proofChain(Place place) {
        return batch(place)
                .map(batch -> new Chain(batch.nonce(), batch.sequence(), batch.previousChecksum()))
                .or(() -> footer(place).map(FragmentFooter::chain))
                .orElseThrow();
    }

    private boolean resume(int atOrdinal, int atOffset, Chain resumed) {
        damages.add(new CorruptDataException(
                place(ordinal, offset),
                "batch " + chain.nextSequence() + " of fragment " + id,
                "batch " + resumed.nextSequence() + " comes next at " + place(atOrdinal, atOffset)));
        ordinal = atOrdinal;
        offset = atOffset;
        chain = resumed;
        return true;
    }

    /// After [#run]: reads the payloads of batches that nothing proves to have been acknowledged, and ends
    /// the chain before the first that is not whole. Returns whether all were.
    boolean verifyTail() {
        for (Batch batch : unproven) {
            if (!isWhole(batch)) {
                torn = place(batch.before.ordinal(), batch.before.offset());
                ordinal = batch.before.ordinal();
                offset = batch.before.offset();
                chain = batch.before.chain();
                footer = null;
                return false;
            }
        }
        return true;
    }

    private boolean isWhole(Batch batch) {
        Fragment.Tail start = batch.before;
        if (!readBlock(start.ordinal(), start.offset())) {
            return false;
        }
        int payloadOffset = start.offset() + Layout.BLOCK_BYTES;
        try {
            for (int i = 0; i < batch.header.stripCount(); i++) {
                Place place = place(start.ordinal(), payloadOffset);
                StripHeader strip =
                        StripHeader.decode(block, BatchHeader.stripOffset(i), chain.nonce(), place);
                ByteBuffer bytes = payload(strip.payloadBytes());
                segments.read(extents[start.ordinal()], payloadOffset, bytes);
                Layout.requireChecksum(strip.payloadChecksum(), Checksum.of(bytes.flip()), place);
                payloadOffset += strip.payloadBytes();
            }
            return true;
        } catch (CorruptDataException | DiskException _) {
            return false;
        }
    }

    private ByteBuffer payload(int bytes) {
        if (payload == null) {
            payload = ByteBuffer.allocate(StripHeader.PAYLOAD_BYTES_MAX);
        }
        return payload.clear().limit(bytes);
    }

    Fragment.Tail tail() {
        return new Fragment.Tail(ordinal, offset, chain);
    }

    Optional<FragmentFooter> footer() {
        return Optional.ofNullable(footer);
    }

    List<CorruptDataException> damages() {
        return damages;
    }

    /// Where something stands that was begun and never acknowledged.
    Optional<Place> torn() {
        return Optional.ofNullable(torn);
    }

    private Place place(int atOrdinal, int atOffset) {
        return segments.place(extents[atOrdinal], atOffset);
    }

    private boolean readBlock(int atOrdinal, int atOffset) {
        try {
            segments.read(extents[atOrdinal], atOffset, block.clear());
            block.flip();
            return true;
        } catch (DiskException _) {
            return false; // An unreadable block is as good as a bad one; the caller looks for proof.
        }
    }

    private Optional<BatchHeader> batch(Place place) {
        try {
            return BatchHeader.isAt(block) ? Optional.of(BatchHeader.decode(block, place)) : Optional.empty();
        } catch (CorruptDataException _) {
            return Optional.empty();
        }
    }

    private Optional<FragmentFooter> footer(Place place) {
        try {
            return FragmentFooter.isAt(block)
                    ? Optional.of(FragmentFooter.decode(block, place))
                    : Optional.empty();
        } catch (CorruptDataException _) {
            return Optional.empty();
        }
    }
}
