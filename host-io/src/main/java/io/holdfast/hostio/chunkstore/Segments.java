package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The segment files of a disk and which of their extents are free. An extent is known by its number: the
/// segment's number times extents per segment, plus its place there. Concurrent; reading and writing take no
/// lock.
///
/// A new segment is only reserved on the disk, which is quick; a sync of a first write into reserved space
/// takes several times as long as one into space that was written before. So some free extents are kept
/// written ahead, and those not written are given out when the others run out.
final class Segments implements AutoCloseable {
    private static final String UNFINISHED = ".unfinished";
    /// With fewer free extents than this share of a segment, the next segment is made.
    private static final int LOW_WATER_DIVISOR = 4;
    /// Written extents kept ready at most, 64 MiB by default: a second of a fast writer's, and little to
    /// write in vain.
    private static final int WRITTEN_EXTENTS = 16;

    private final Disk disk;
    private final StoreHeader store;
    private final OpenFiles files;
    /// Names of files by segment number, which every read would write anew for its error messages.
    private final ConcurrentHashMap<Integer, String> names = new ConcurrentHashMap<>();
    private final Object lock = new Object();
    private final ArrayDeque<Integer> written = new ArrayDeque<>();
    private final ArrayDeque<Integer> reserved = new ArrayDeque<>();
    private int segmentCount;
    private @Nullable DiskException refusal;

    Segments(Disk disk, StoreHeader store, int openFilesMax) {
        this.disk = disk;
        this.store = store;
        this.files = new OpenFiles(disk, openFilesMax);
    }

    StoreGeometry geometry() {
        return store.geometry();
    }

    Place place(int extent, int offset) {
        String file = names.computeIfAbsent(geometry().segmentNumber(extent), SegmentHeader::file);
        return new Place(disk.name(), file, geometry().extentPosition(extent) + offset);
    }

    /// Fills the buffer from an offset in the extent.
    void read(int extent, int offset, ByteBuffer target) {
        try (OpenFiles.Entry entry = files.use(geometry().segmentNumber(extent))) {
            entry.file().read(geometry().extentPosition(extent) + offset, target);
        }
    }

    void write(int extent, int offset, ByteBuffer source) {
        try (OpenFiles.Entry entry = files.use(geometry().segmentNumber(extent))) {
            entry.file().write(geometry().extentPosition(extent) + offset, source);
        }
    }

    void sync(Set<Integer> segmentNumbers) {
        for (int number : segmentNumbers) {
            try (OpenFiles.Entry entry = files.use(number)) {
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
        synchronized (lock) {
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
        try (OpenFiles.Entry entry = files.use(number)) {
            entry.file().read(0, block);
        }
        return SegmentHeader.decode(block.flip(), new Place(disk.name(), file, 0));
    }

    /// Takes a free extent, one that is already written if there is one.
    ///
    /// @throws NoFreeExtentException if one has to be made first, see [#prepare()]
    /// @throws io.holdfast.hostio.disk.DiskException if none could be made when that was tried last
    int allocate() {
        synchronized (lock) {
            Integer extent = written.isEmpty() ? reserved.poll() : written.poll();
            if (extent != null) {
                return extent;
            }
            if (refusal != null) {
                throw refusal;
            }
        }
        throw new NoFreeExtentException(disk.name());
    }

    /// Gives an extent back. Its header must say so durably, or never have been written.
    void release(int extent) {
        synchronized (lock) {
            written.addFirst(extent);
        }
    }

    /// Adds an extent that may only be reserved on the disk.
    void addReserved(int extent) {
        synchronized (lock) {
            reserved.add(extent);
        }
    }

    int freeExtents() {
        synchronized (lock) {
            return written.size() + reserved.size();
        }
    }

    int extents() {
        synchronized (lock) {
            return segmentCount * geometry().extentsPerSegment();
        }
    }

    /// Whether there is something to prepare.
    boolean wantsPreparation() {
        synchronized (lock) {
            return needsSegment() || needsZeros();
        }
    }

    private boolean needsSegment() {
        return written.size() + reserved.size() <= geometry().extentsPerSegment() / LOW_WATER_DIVISOR;
    }

    private boolean needsZeros() {
        int wanted = Math.min(WRITTEN_EXTENTS, geometry().extentsPerSegment() / LOW_WATER_DIVISOR);
        return written.size() < wanted && !reserved.isEmpty();
    }

    /// One step ahead of those who will need extents: makes a segment if few are free, else writes zeros
    /// over one that is reserved only. By one thread at a time. Returns false if there was nothing to do.
    ///
    /// @throws io.holdfast.hostio.disk.DiskException if the disk would not
    boolean prepare() {
        boolean isSegmentNeeded;
        Integer extent = null;
        synchronized (lock) {
            isSegmentNeeded = needsSegment() && refusal == null;
            if (!isSegmentNeeded && needsZeros()) {
                extent = reserved.poll();
            }
        }
        if (isSegmentNeeded) {
            addSegment();
        } else if (extent != null) {
            writeZeros(extent);
        }
        return isSegmentNeeded || extent != null;
    }

    private void writeZeros(int extent) {
        try (OpenFiles.Entry entry = files.use(geometry().segmentNumber(extent))) {
            entry.file().writeZeros(geometry().extentPosition(extent), geometry().extentBytes());
            entry.file().sync();
        }
        synchronized (lock) {
            written.add(extent);
        }
    }

    /// Lets a disk that had no room be asked again.
    void forgetRefusal() {
        synchronized (lock) {
            refusal = null;
        }
    }

    /// Makes a segment file, durable under its name before any of its extents is given out.
    private void addSegment() {
        int number = segmentCount;
        String unfinished = SegmentHeader.file(number) + UNFINISHED;
        try (DiskFile file = disk.create(unfinished, geometry().segmentBytes())) {
            ByteBuffer block = Layout.block();
            new SegmentHeader(store.instanceHigh(), store.instanceLow(), number).encode(block);
            file.write(0, block);
            file.sync();
        } catch (DiskException failure) {
            synchronized (lock) {
                refusal = failure;
            }
            throw failure;
        }
        disk.rename(unfinished, SegmentHeader.file(number));
        disk.syncDirectory();
        synchronized (lock) {
            segmentCount = number + 1;
            for (int i = 0; i < geometry().extentsPerSegment(); i++) {
                reserved.add(number * geometry().extentsPerSegment() + i);
            }
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
