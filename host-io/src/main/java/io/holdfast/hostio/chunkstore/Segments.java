package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The segment files of a disk and which of their extents are free. An extent is known by its number: the
/// segment's number times extents per segment, plus its place there. Concurrent; reading and writing take no
/// lock.
final class Segments implements AutoCloseable {
    private static final String UNFINISHED = ".unfinished";

    private final Disk disk;
    private final StoreHeader store;
    private final OpenFiles files;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int segmentCount;

    Segments(Disk disk, StoreHeader store, int openFilesMax) {
        this.disk = disk;
        this.store = store;
        this.files = new OpenFiles(disk, openFilesMax);
    }

    StoreGeometry geometry() {
        return store.geometry();
    }

    Place place(int extent, int offset) {
        return new Place(
                disk.name(),
                SegmentHeader.file(geometry().segmentNumber(extent)),
                geometry().extentPosition(extent) + offset);
    }

    /// Fills the buffer from an offset in the extent.
    void read(int extent, int offset, ByteBuffer target) {
        try (OpenFiles.Entry entry = files.use(SegmentHeader.file(geometry().segmentNumber(extent)))) {
            entry.file().read(geometry().extentPosition(extent) + offset, target);
        }
    }

    void write(int extent, int offset, ByteBuffer source) {
        try (OpenFiles.Entry entry = files.use(SegmentHeader.file(geometry().segmentNumber(extent)))) {
            entry.file().write(geometry().extentPosition(extent) + offset, source);
        }
    }

    void sync(Set<Integer> segmentNumbers) {
        for (int number : segmentNumbers) {
            try (OpenFiles.Entry entry = files.use(SegmentHeader.file(number))) {
                entry.file().sync();
            }
        }
    }

    /// The numbers of the segment files on the disk.
    SortedSet<Integer> discover() {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String file : disk.list()) {
            SegmentHeader.number(file).ifPresent(numbers::add);
        }
        synchronized (free) {
            segmentCount = numbers.isEmpty() ? 0 : numbers.last() + 1;
        }
        return numbers;
    }

    /// Deletes what a crash left of segments in the making.
    void deleteUnfinished() {
        for (String file : disk.list()) {
            if (file.endsWith(UNFINISHED)) {
                disk.delete(file);
            }
        }
    }

    SegmentHeader header(int number) {
        ByteBuffer block = Layout.block();
        String file = SegmentHeader.file(number);
        try (OpenFiles.Entry entry = files.use(file)) {
            entry.file().read(0, block);
        }
        return SegmentHeader.decode(block.flip(), new Place(disk.name(), file, 0));
    }

    /// Takes a free extent; makes a new segment if there is none.
    ///
    /// @throws io.holdfast.hostio.disk.DiskFullException if the disk has no room for one
    int allocate() {
        synchronized (free) {
            Integer extent = free.poll();
            if (extent != null) {
                return extent;
            }
        }
        addSegment();
        return allocate();
    }

    /// Gives an extent back. Its header must say so durably, or never have been written.
    void release(int extent) {
        synchronized (free) {
            free.addFirst(extent);
        }
    }

    int freeExtents() {
        synchronized (free) {
            return free.size();
        }
    }

    int extents() {
        synchronized (free) {
            return segmentCount * geometry().extentsPerSegment();
        }
    }

    /// Makes a segment file, durable under its name before any of its extents is given out.
    void addSegment() {
        synchronized (files) {
            int number = segmentCount;
            String unfinished = SegmentHeader.file(number) + UNFINISHED;
            try (DiskFile file = disk.create(unfinished, geometry().segmentBytes())) {
                ByteBuffer block = Layout.block();
                new SegmentHeader(store.instanceHigh(), store.instanceLow(), number).encode(block);
                file.write(0, block);
                file.sync();
            }
            disk.rename(unfinished, SegmentHeader.file(number));
            disk.syncDirectory();
            synchronized (free) {
                segmentCount = number + 1;
                for (int i = 0; i < geometry().extentsPerSegment(); i++) {
                    free.add(number * geometry().extentsPerSegment() + i);
                }
            }
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
