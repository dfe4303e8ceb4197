package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.DiskException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one group commit adds to one fragment: strips grouped into batches, and the extents they need.
/// Confined to the committer thread.
final class FragmentWriter {
    private final Segments segments;
    private final Fragment fragment;
    private final int extentBytes;
    private final long durableSequence;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Strip> strips = new ArrayList<>();
    private final RowIndex places = new RowIndex();
    private final int[] oldExtents;
    private final List<Integer> newExtents = new ArrayList<>();
    private Placement placement;
    private Fragment.Tail tail;
    private @Nullable FragmentFooter footer;

    /// Strips that share a header block.
    private record Batch(int ordinal, int offset, List<Strip> strips) {}

    FragmentWriter(Segments segments, Fragment fragment) {
        this.segments = segments;
        this.fragment = fragment;
        this.extentBytes = segments.geometry().extentBytes();
        this.oldExtents = fragment.extents();
        this.tail = fragment.tail();
        this.durableSequence = tail.chain().nextSequence();
        this.placement = new Placement(extentBytes, tail);
    }

    Fragment fragment() {
        return fragment;
    }

    /// Gives a fragment that is being created its first extent.
    void begin(int extent) {
        newExtents.add(extent);
    }

    /// The strip taken for a row in this commit; null if there is none.
    @Nullable Strip taken(int row) {
        int at = places.find(row);
        return at < 0 ? null : strips.get(places.header(at));
    }

    /// Finds room for all the strips or, failing, changes nothing.
    void add(List<Strip> added) {
        Placement trial = new Placement(placement);
        added.forEach(strip -> trial.place(strip.header().payloadBytes()));
        if (trial.ordinal() >= segments.geometry().extentsPerFragmentMax()) {
            throw new ConflictException("the fragment is full, go on in a new chunk: fragment="
                    + fragment.id() + " extents=" + segments.geometry().extentsPerFragmentMax());
        }
        allocate(trial.ordinal() + 1);
        for (Strip strip : added) {
            if (placement.place(strip.header().payloadBytes())) {
                batches.add(new Batch(placement.ordinal(), placement.batchOffset(), new ArrayList<>()));
            }
            batches.getLast().strips.add(strip);
            places.put(strip.header().row(), strips.size(), 0);
            strips.add(strip);
        }
    }

    private void allocate(int count) {
        List<Integer> taken = new ArrayList<>();
        try {
            while (oldExtents.length + newExtents.size() + taken.size() < count) {
                taken.add(segments.allocate());
            }
        } catch (DiskException | NoFreeExtentException failure) {
            taken.forEach(segments::release);
            throw failure;
        }
        newExtents.addAll(taken);
    }

    /// Ends the fragment after what was taken.
    ///
    /// @param stripCount strips below the limit
    /// @param payloadBytes their payloads
    void end(int rowLimit, int stripCount, long payloadBytes) {
        footer = new FragmentFooter(tail.chain(), durableSequence, rowLimit, stripCount, payloadBytes);
    }

    /// The extent that a fragment created in this commit begins with.
    int firstExtent() {
        return newExtents.getFirst();
    }

    List<Strip> strips() {
        return strips;
    }

    boolean hasFooter() {
        return footer != null;
    }

    /// Writes extent headers, batches and footer.
    ///
    /// @param staging a buffer of at least [BatchHeader#BYTES_MAX]
    /// @param touched gets the numbers of the segments written to
    void write(ByteBuffer staging, Set<Integer> touched) {
        int headed = oldExtents.length;
        if (headed == 0) {
            writeExtentHeader(headed++, staging, touched);
        }
        for (Batch batch : batches) {
            while (headed <= batch.ordinal) {
                writeExtentHeader(headed++, staging, touched);
            }
            writeBatch(batch, staging, touched);
        }
        FragmentFooter planned = footer;
        if (planned != null) {
            FragmentFooter end = new FragmentFooter(
                    tail.chain(),
                    durableSequence,
                    planned.rowLimit(),
                    planned.stripCount(),
                    planned.payloadBytes());
            footer = end;
            clear(staging);
            end.encode(staging);
            put(tail.ordinal(), tail.offset(), staging.limit(Layout.BLOCK_BYTES), touched);
        }
    }

    private void writeExtentHeader(int ordinal, ByteBuffer staging, Set<Integer> touched) {
        clear(staging);
        fragment.extentHeader(ordinal, extent(ordinal), tail).encode(staging);
        put(ordinal, 0, staging.limit(Layout.BLOCK_BYTES), touched);
    }

    private void writeBatch(Batch batch, ByteBuffer staging, Set<Integer> touched) {
        clear(staging);
        staging.position(Layout.BLOCK_BYTES);
        for (int i = 0; i < batch.strips.size(); i++) {
            Strip strip = batch.strips.get(i);
            int headerOffset = BatchHeader.stripOffset(i);
            strip.header().encode(staging, headerOffset, fragment.nonce());
            int payloadOffset = batch.offset + staging.position();
            long start = (long) batch.ordinal * extentBytes;
            places.put(
                    strip.header().row(),
                    (int) ((start + batch.offset + headerOffset) / StripHeader.BYTES),
                    (int) ((start + payloadOffset) / Layout.BLOCK_BYTES));
            staging.put(strip.payload().duplicate());
        }
        int bytes = staging.position();
        int payloadBytes = bytes - Layout.BLOCK_BYTES;
        int checksum = BatchHeader.encode(
                staging, tail.chain(), batch.strips.size(), payloadBytes, durableSequence);
        put(batch.ordinal, batch.offset, staging.flip(), touched);
        tail = new Fragment.Tail(batch.ordinal, batch.offset + bytes, tail.chain().after(checksum));
    }

    static void clear(ByteBuffer staging) {
        staging.clear();
        for (int i = 0; i < Layout.BLOCK_BYTES; i += Long.BYTES) {
            staging.putLong(i, 0);
        }
    }

    private void put(int ordinal, int offset, ByteBuffer bytes, Set<Integer> touched) {
        segments.write(extent(ordinal), offset, bytes);
        touched.add(segments.geometry().segmentNumber(extent(ordinal)));
    }

    private int extent(int ordinal) {
        int added = ordinal - oldExtents.length;
        return added < 0 ? oldExtents[ordinal] : newExtents.get(added);
    }

    /// After the sync: lets readers see what was written.
    void publish() {
        synchronized (fragment) {
            newExtents.forEach(fragment::addExtent);
            fragment.advance(tail);
            for (int i = 0; i < places.count(); i++) {
                fragment.put(places.row(i), places.header(i), places.payload(i));
            }
            strips.forEach(strip -> fragment.count(strip.header().payloadBytes()));
            if (footer != null) {
                fragment.seal(footer);
            }
        }
    }

}
