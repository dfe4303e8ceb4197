package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A container's output in a few files of bounded size, each named by the offset it begins at; the oldest
/// goes when there are too many. Guarded by its lock.
final class LogFiles implements ContainerLog {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final int FILE_COUNT_MAX = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Path folder;
    private final TreeMap<Long, Long> lengths = new TreeMap<>();
    private boolean isComplete;

    private LogFiles(Path folder) {
        this.folder = folder;
    }

    /// Goes on with what is there.
    static LogFiles open(Path folder) throws IOException {
        Files.createDirectories(folder);
        LogFiles files = new LogFiles(folder);
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path file : found) {
                files.lengths.put(Long.parseLong(file.getFileName().toString()), Files.size(file));
            }
        }
        return files;
    }

    /// Appends what was printed; what cannot be written is lost, with a warning, rather than stopping the
    /// container.
    void append(byte[] bytes, int length) {
        lock.lock();
        try {
            if (lengths.isEmpty() || lengths.lastEntry().getValue() >= FILE_BYTES_MAX) {
                lengths.put(endOffset(), 0L);
            }
            while (lengths.size() > FILE_COUNT_MAX) {
                Files.deleteIfExists(file(lengths.pollFirstEntry().getKey()));
            }
            long begin = lengths.lastKey();
            try (RandomAccessFile out = new RandomAccessFile(file(begin).toFile(), "rw")) {
                out.seek(endOffset() - begin);
                out.write(bytes, 0, length);
            }
            lengths.merge(begin, (long) length, Long::sum);
        } catch (IOException failure) {
            LOG.warn("output of a container is lost: folder={} bytes={}", folder, length, failure);
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /// Nothing more will come.
    void complete() {
        lock.lock();
        try {
            isComplete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long beginOffset() {
        lock.lock();
        try {
            return lengths.isEmpty() ? 0 : lengths.firstKey();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long endOffset() {
        lock.lock();
        try {
            return lengths.isEmpty() ? 0 : lengths.lastKey() + lengths.lastEntry().getValue();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Chunk read(long offset, int bytesMax) {
        lock.lock();
        try {
            long from = Math.clamp(offset, beginOffset(), endOffset());
            var entry = lengths.floorEntry(from);
            if (entry == null || from == endOffset()) {
                return new Chunk(from, new byte[0]);
            }
            long left = entry.getKey() + entry.getValue() - from;
            byte[] bytes = new byte[(int) Math.min(bytesMax, left)];
            try (RandomAccessFile in = new RandomAccessFile(file(entry.getKey()).toFile(), "r")) {
                in.seek(from - entry.getKey());
                in.readFully(bytes);
            }
            return new Chunk(from, bytes);
        } catch (IOException failure) {
            LOG.warn("the log of a container cannot be read: folder={} offset={}", folder, offset, failure);
            return new Chunk(offset, new byte[0]);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitBeyond(long offset, Duration deadline) {
        long nanosLeft = deadline.toNanos();
        lock.lock();
        try {
            while (endOffset() <= offset && !isComplete) {
                if (nanosLeft <= 0) {
                    return false;
                }
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing more will come; false if not in time.
    boolean awaitComplete(Duration deadline) throws InterruptedException {
        long nanosLeft = TimeUnit.NANOSECONDS.convert(deadline);
        lock.lock();
        try {
            while (!isComplete && nanosLeft > 0) {
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            return isComplete;
        } finally {
            lock.unlock();
        }
    }

    private Path file(long begin) {
        return folder.resolve(Long.toString(begin));
    }
}
