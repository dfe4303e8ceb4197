package io.holdfast.hostio.testing;

import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskCapacity;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.DiskFileNotFoundException;
import io.holdfast.hostio.disk.DiskFullException;
import io.holdfast.hostio.disk.DiskGoneException;
import io.holdfast.hostio.disk.DiskIoException;
import io.holdfast.hostio.disk.DiskReadOnlyException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A disk in memory that promises exactly what [Disk] promises and withholds the rest. Concurrent: one lock.
///
/// [#crash] gives the image that a power cut at this moment may leave, without disturbing this disk, so one
/// run is cut at every step and in several ways.
public final class SimulatedDisk implements Disk {
    /// What the disk does to operations.
    public enum State {
        HEALTHY,
        /// Nothing can grow and no file can be made.
        FULL,
        READ_ONLY,
        /// Every operation fails with an I/O error.
        BROKEN,
        /// Syncs fail, and what was written before one that failed is never made durable.
        SYNC_FAILS,
        GONE
    }

    /// The operations that change a disk.
    public enum Operation {
        CREATE,
        WRITE,
        SYNC,
        RENAME,
        DELETE,
        SYNC_DIRECTORY
    }

    /// Hears of an operation before it is done; may block (a slow disk), throw, or take a [#crash] image.
    @FunctionalInterface
    public interface Observer {
        void before(Operation operation, String file);
    }

    private final String name;
    private final long capacityBytes;
    private final TreeMap<String, SimulatedFile> files = new TreeMap<>();
    private final TreeMap<String, SimulatedFile> durableFiles = new TreeMap<>();
    private final List<DirectoryChange> pendingChanges = new ArrayList<>();
    private State state = State.HEALTHY;
    private Observer observer = (_, _) -> {};
    private long misdirectionBytes;
    private int openCount;

    public SimulatedDisk(String name, long capacityBytes) {
        this.name = name;
        this.capacityBytes = capacityBytes;
    }

    public synchronized void become(State next) {
        state = next;
    }

    public synchronized void observe(Observer next) {
        observer = next;
    }

    /// The next write goes so many bytes beside the place it was meant for, unnoticed.
    public synchronized void misdirectNextWrite(long bytes) {
        misdirectionBytes = bytes;
    }

    public synchronized void flipBit(String file, long position, int bit) {
        existing(file).flipBit(position, bit);
    }

    /// Where a page of exactly this content lies, the first such place by name and position.
    public synchronized Place placeOf(ByteBuffer page) {
        ByteBuffer found = ByteBuffer.allocate(SimulatedFile.PAGE_BYTES);
        for (Map.Entry<String, SimulatedFile> file : files.entrySet()) {
            for (long at = 0; at + found.capacity() <= file.getValue().size(); at += found.capacity()) {
                file.getValue().read(at, found.clear());
                if (found.flip().equals(page)) {
                    return new Place(name, file.getKey(), at);
                }
            }
        }
        throw new IllegalArgumentException("no page of this disk has that content: disk=" + name);
    }

    /// Files opened and not closed.
    public synchronized int openCount() {
        return openCount;
    }

    /// An image that losing power now may leave.
    public synchronized SimulatedDisk crash(SplittableRandom random) {
        SimulatedDisk survivor = new SimulatedDisk(name, capacityBytes);
        TreeMap<String, SimulatedFile> names = new TreeMap<>(durableFiles);
        boolean inOrder = random.nextBoolean();
        int kept = random.nextInt(pendingChanges.size() + 1);
        for (int i = 0; i < pendingChanges.size(); i++) {
            if (inOrder ? i < kept : random.nextBoolean()) {
                pendingChanges.get(i).apply(names);
            }
        }
        names.forEach((file, content) -> survivor.files.put(file, content.survivor(random)));
        survivor.durableFiles.putAll(survivor.files);
        return survivor;
    }

    @Override
    public String name() {
        return name;
    }

    /// Whoever hears of it may block here without blocking the rest of the disk.
    @Override
    public DiskFile create(String file, long bytes) {
        observer().before(Operation.CREATE, file);
        synchronized (this) {
            return createNow(file, bytes);
        }
    }

    private synchronized Observer observer() {
        return observer;
    }

    private DiskFile createNow(String file, long bytes) {
        requireWritable();
        if (files.containsKey(file)) {
            throw new DiskIoException("the name is taken: file=" + file);
        }
        requireRoom(bytes);
        SimulatedFile content = new SimulatedFile();
        content.extend(bytes);
        change(new DirectoryChange.Created(file, content));
        return handle(file, content);
    }

    @Override
    public synchronized DiskFile open(String file) {
        requirePresent();
        return handle(file, existing(file));
    }

    @Override
    public synchronized void rename(String from, String to) {
        begin(Operation.RENAME, from);
        existing(from);
        change(new DirectoryChange.Renamed(from, to));
    }

    @Override
    public synchronized void delete(String file) {
        begin(Operation.DELETE, file);
        existing(file);
        change(new DirectoryChange.Deleted(file));
    }

    @Override
    public synchronized List<String> list() {
        requirePresent();
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized void syncDirectory() {
        begin(Operation.SYNC_DIRECTORY, "");
        if (state == State.SYNC_FAILS) {
            throw new DiskIoException("injected: the folder was not synced");
        }
        durableFiles.clear();
        durableFiles.putAll(files);
        pendingChanges.clear();
    }

    @Override
    public synchronized DiskCapacity capacity() {
        requirePresent();
        return new DiskCapacity(capacityBytes, capacityBytes - usedBytes());
    }

    @Override
    public void close() {
        // Nothing is held; whoever opened a file closes it.
    }

    private DiskFile handle(String file, SimulatedFile content) {
        openCount++;
        return new Handle(file, content);
    }

    private void change(DirectoryChange change) {
        change.apply(files);
        pendingChanges.add(change);
    }

    private SimulatedFile existing(String file) {
        SimulatedFile content = files.get(file);
        if (content == null) {
            throw new DiskFileNotFoundException("no such file: file=" + file);
        }
        return content;
    }

    private long usedBytes() {
        return files.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    private void requireRoom(long bytes) {
        if (bytes > 0 && (state == State.FULL || usedBytes() + bytes > capacityBytes)) {
            throw new DiskFullException("no space left: disk=" + name + " bytes=" + bytes);
        }
    }

    private void begin(Operation operation, String file) {
        observer.before(operation, file);
        requireWritable();
    }

    private void requireWritable() {
        requirePresent();
        if (state == State.READ_ONLY) {
            throw new DiskReadOnlyException("read-only file system: disk=" + name);
        }
    }

    private void requirePresent() {
        DiskException failure =
                switch (state) {
                    case GONE -> new DiskGoneException("the disk is gone: disk=" + name);
                    case BROKEN -> new DiskIoException("injected I/O error: disk=" + name);
                    case HEALTHY, FULL, READ_ONLY, SYNC_FAILS -> null;
                };
        if (failure != null) {
            throw failure;
        }
    }

    /// One change of the folder.
    private sealed interface DirectoryChange {
        void apply(Map<String, SimulatedFile> names);

        /// A new file.
        record Created(String file, SimulatedFile content) implements DirectoryChange {
            @Override
            public void apply(Map<String, SimulatedFile> names) {
                names.put(file, content);
            }
        }

        /// A file under a new name; one step, both names or none.
        record Renamed(String from, String to) implements DirectoryChange {
            @Override
            public void apply(Map<String, SimulatedFile> names) {
                SimulatedFile content = names.remove(from);
                if (content != null) {
                    names.put(to, content);
                }
            }
        }

        /// A file less.
        record Deleted(String file) implements DirectoryChange {
            @Override
            public void apply(Map<String, SimulatedFile> names) {
                names.remove(file);
            }
        }
    }

    /// An open file.
    private final class Handle implements DiskFile {
        private final String file;
        private final SimulatedFile content;
        private boolean closed;

        Handle(String file, SimulatedFile content) {
            this.file = file;
            this.content = content;
        }

        @Override
        public String name() {
            return file;
        }

        @Override
        public long sizeBytes() {
            synchronized (SimulatedDisk.this) {
                requireOpen();
                return content.size();
            }
        }

        @Override
        public void read(long position, ByteBuffer target) {
            synchronized (SimulatedDisk.this) {
                requireOpen();
                requirePresent();
                if (position + target.remaining() > content.size()) {
                    throw new DiskIoException("the file ends before the bytes asked for: file=" + file);
                }
                content.read(position, target);
            }
        }

        @Override
        public void write(long position, ByteBuffer source) {
            synchronized (SimulatedDisk.this) {
                requireOpen();
                begin(Operation.WRITE, file);
                requireRoom(position + source.remaining() - content.size());
                content.write(position + misdirectionBytes, source);
                misdirectionBytes = 0;
            }
        }

        @Override
        public void writeZeros(long position, long bytes) {
            synchronized (SimulatedDisk.this) {
                requireOpen();
                begin(Operation.WRITE, file);
                requireRoom(position + bytes - content.size());
                content.writeZeros(position, bytes);
            }
        }

        @Override
        public void sync() {
            synchronized (SimulatedDisk.this) {
                requireOpen();
                begin(Operation.SYNC, file);
                if (state == State.SYNC_FAILS) {
                    content.failSync();
                    throw new DiskIoException("injected: the file was not synced: file=" + file);
                }
                content.sync();
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                if (!closed) {
                    closed = true;
                    openCount--;
                }
            }
        }

        private void requireOpen() {
            if (closed) {
                throw new DiskIoException("the file is closed: file=" + file);
            }
        }
    }
}
