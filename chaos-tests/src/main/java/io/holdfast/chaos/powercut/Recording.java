package io.holdfast.chaos.powercut;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A disk in memory that remembers all it was told, in order. Guarded by a lock.
public final class Recording {
    /// What the bytes of all writes together may take of the heap.
    private static final long BYTES_MAX = 320L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final DiskImage before;
    private final DiskImage now;
    private final List<DiskEvent> events = new ArrayList<>();
    private long writtenBytes;

    /// @param before what is on the disk; left as it is
    public Recording(DiskImage before) {
        this.before = before;
        this.now = before.copy();
    }

    public DiskImage before() {
        return before;
    }

    public long sizeBytes() {
        return before.sizeBytes();
    }

    /// How many events there were. Whatever has happened by now does not depend on any later one.
    public int position() {
        lock.lock();
        try {
            return events.size();
        } finally {
            lock.unlock();
        }
    }

    /// The first events, so many.
    public List<DiskEvent> events(int count) {
        lock.lock();
        try {
            return List.copyOf(events.subList(0, count));
        } finally {
            lock.unlock();
        }
    }

    /// Takes the array; the caller does not change it any more.
    ///
    /// @throws IOException if there were too many bytes to remember
    public void write(long offset, byte[] bytes) throws IOException {
        lock.lock();
        try {
            writtenBytes += bytes.length;
            if (writtenBytes > BYTES_MAX) {
                throw new IOException("too long a recording, writtenBytes=" + writtenBytes);
            }
            now.write(offset, bytes);
            events.add(new DiskEvent.Write(offset, bytes));
        } finally {
            lock.unlock();
        }
    }

    /// One flush after another is one.
    public void flush() {
        lock.lock();
        try {
            @Nullable DiskEvent last = events.isEmpty() ? null : events.getLast();
            if (!(last instanceof DiskEvent.Flush)) {
                events.add(new DiskEvent.Flush());
            }
        } finally {
            lock.unlock();
        }
    }

    public byte[] read(long offset, int length) {
        lock.lock();
        try {
            return now.read(offset, length);
        } finally {
            lock.unlock();
        }
    }
}
