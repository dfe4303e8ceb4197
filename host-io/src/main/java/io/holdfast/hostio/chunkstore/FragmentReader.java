package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds, reads and verifies strips. Concurrent.
final class FragmentReader {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentReader.class);
    private final Segments segments;
    private final IndexCache indexes;

    FragmentReader(Segments segments, IndexCache indexes) {
        this.segments = segments;
        this.indexes = indexes;
    }

    StripHeader read(Fragment fragment, int row, ByteBuffer target) {
        Fragment.Location location = require(fragment, row);
        StripHeader header = header(fragment, row, location);
        int begin = target.position();
        ByteBuffer payload = target.slice(begin, header.payloadBytes());
        segments.read(location.extent(), location.payloadOffset(), payload);
        Place place = segments.place(location.extent(), location.payloadOffset());
        Layout.requireChecksum(header.payloadChecksum(), Checksum.of(payload.flip()), place);
        target.position(begin + header.payloadBytes());
        return header;
    }

    StripHeader readBlocks(
            Fragment fragment, int row, int firstBlock, int blockCount, ByteBuffer target) {
        Fragment.Location location = require(fragment, row);
        StripHeader header = header(fragment, row, location);
        boolean isThere = header.kind() == StripKind.DATA
                && firstBlock >= 0
                && blockCount > 0
                && firstBlock + blockCount <= header.payloadBytes() / Layout.BLOCK_BYTES;
        if (!isThere) {
            throw new StripNotFoundException("the strip has no such block: fragment=" + fragment.id()
                    + " row=" + row + " kind=" + header.kind() + " firstBlock=" + firstBlock + " blockCount="
                    + blockCount);
        }
        int begin = target.position();
        int offset = location.payloadOffset() + firstBlock * Layout.BLOCK_BYTES;
        ByteBuffer bytes = target.slice(begin, blockCount * Layout.BLOCK_BYTES);
        segments.read(location.extent(), offset, bytes);
        for (int i = 0; i < blockCount; i++) {
            int at = i * Layout.BLOCK_BYTES;
            int expected = StripBody.checksum(header.body(), firstBlock + i);
            int actual = Checksum.of(bytes, at, Layout.BLOCK_BYTES);
            if (actual != expected) {
                Layout.requireChecksum(expected, actual, segments.place(location.extent(), offset + at));
            }
        }
        target.position(begin + blockCount * Layout.BLOCK_BYTES);
        return header;
    }

    Optional<StripHeader> header(Fragment fragment, int row) {
        return locate(fragment, row).map(location -> header(fragment, row, location));
    }

    int[] rows(Fragment fragment, int fromRow, int countMax) {
        synchronized (fragment) {
            RowIndex index = index(fragment);
            int from = index.ceiling(fromRow);
            int count = Math.clamp((long) index.count() - from, 0, countMax);
            int[] rows = new int[count];
            for (int i = 0; i < count; i++) {
                rows[i] = index.row(from + i);
            }
            return rows;
        }
    }

    private Fragment.Location require(Fragment fragment, int row) {
        return locate(fragment, row).orElseThrow(() -> new StripNotFoundException(
                "the fragment has no strip for the row: fragment=" + fragment.id() + " row=" + row));
    }

    private Optional<Fragment.Location> locate(Fragment fragment, int row) {
        synchronized (fragment) {
            RowIndex index = index(fragment);
            indexes.used(fragment, index.bytes());
            Optional<Fragment.Location> location =
                    Optional.ofNullable(fragment.locate(row, segments.geometry().extentBytes()));
            if (location.isEmpty() && fragment.state() == FragmentState.DAMAGED) {
                throw new CorruptDataException(
                        segments.place(fragment.extents()[0], 0),
                        "row " + row + " of fragment " + fragment.id() + ", if it had one",
                        "a damaged fragment without it");
            }
            return location;
        }
    }

    private StripHeader header(Fragment fragment, int row, Fragment.Location location) {
        ByteBuffer bytes = ByteBuffer.allocate(StripHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        segments.read(location.extent(), location.headerOffset(), bytes);
        Place place = segments.place(location.extent(), location.headerOffset());
        StripHeader header = StripHeader.decode(bytes.flip(), 0, fragment.nonce(), place);
        if (header.row() != row || !header.fragment().equals(fragment.id())) {
            throw new CorruptDataException(
                    place,
                    "row " + row + " of fragment " + fragment.id(),
                    "row " + header.row() + " of fragment " + header.fragment());
        }
        return header;
    }

    /// The fragment's index, read from disk if it was dropped. The fragment is locked meanwhile, which holds
    /// up its other readers, and the committer if it appends to this fragment: it happens once per use.
    private RowIndex index(Fragment fragment) {
        RowIndex loaded = fragment.index();
        if (loaded != null) {
            return loaded;
        }
        RowIndex index = new RowIndex();
        int[] extents = fragment.extents();
        List<ExtentHeader> headers = new ArrayList<>(extents.length);
        ByteBuffer bytes = ByteBuffer.allocate(ExtentHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int extent : extents) {
            segments.read(extent, 0, bytes.clear());
            headers.add(ExtentHeader.decode(bytes.flip(), extent, segments.place(extent, 0)));
        }
        long end = position(fragment.tail().ordinal(), fragment.tail().offset());
        FragmentScan.Visitor visitor = (strip, ordinal, header, payload) -> {
            // What lies beyond the tail is being written right now and not yet durable.
            if (position(ordinal, header) < end) {
                index.put(strip.row(), headerUnit(ordinal, header), payloadUnit(ordinal, payload));
            }
        };
        FragmentScan scan = new FragmentScan(segments, fragment.id(), extents, headers, visitor);
        scan.run(0);
        index.removeFrom(fragment.rowLimit());
        boolean isComplete = scan.damages().isEmpty() && index.count() == fragment.status().strips();
        if (!isComplete && fragment.state() != FragmentState.DAMAGED) {
            LOG.warn("a fragment is damaged: fragment={} strips={} found={} damages={}",
                    fragment.id(), fragment.status().strips(), index.count(), scan.damages());
            fragment.become(FragmentState.DAMAGED);
        }
        fragment.setIndex(index);
        return index;
    }

    private long position(int ordinal, int offset) {
        return (long) ordinal * segments.geometry().extentBytes() + offset;
    }

    /// A strip header's place in the fragment, as [RowIndex] keeps it.
    int headerUnit(int ordinal, int offset) {
        return (int) (position(ordinal, offset) / StripHeader.BYTES);
    }

    /// A payload's place in the fragment, as [RowIndex] keeps it.
    int payloadUnit(int ordinal, int offset) {
        return (int) (position(ordinal, offset) / Layout.BLOCK_BYTES);
    }
}
