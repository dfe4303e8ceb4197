package io.holdfast.hostio.blockdevice;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A block device in one sparse file, through the page cache.
///
/// A created device knows its holes (granules that were never written); of an opened one everything counts
/// as data. Trim keeps the bytes: the JDK has no way to punch a hole. It only grows. Flushes of several
/// callers are combined; after a failed one every later one fails, since the kernel may have dropped the
/// bytes. Concurrent.
public final class FileBlockDevice implements BlockDevice {
    private static final int ZEROES_BYTES = 1 << 20;
    private static final ByteBuffer ZEROES =
            ByteBuffer.allocateDirect(ZEROES_BYTES).asReadOnlyBuffer();

    private final Path path;
    private final FileChannel channel;
    private final BlockGeometry geometry;
    private final boolean readOnly;
    private final List<ResizeListener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock resizing = new ReentrantLock();
    private final ReentrantLock flushing = new ReentrantLock();
    private final AtomicLong flushesAsked = new AtomicLong();
    private volatile GranuleMap written;
    private volatile long sizeBytes;
    private long flushesDone; // guarded by flushing
    private @Nullable IOException flushFailure; // guarded by flushing

    private FileBlockDevice(
            Path path,
            FileChannel channel,
            BlockGeometry geometry,
            boolean readOnly,
            GranuleMap written,
            long sizeBytes) {
        this.path = path;
        this.channel = channel;
        this.geometry = geometry;
        this.readOnly = readOnly;
        this.sizeBytes = sizeBytes;
        this.written = written;
    }

    /// Makes a new file that is one hole.
    public static FileBlockDevice create(Path path, long sizeBytes, BlockGeometry geometry)
            throws IOException {
        requireWholeBlocks(sizeBytes, geometry);
        try (RandomAccessFile file = new RandomAccessFile(Files.createFile(path).toFile(), "rw")) {
            file.setLength(sizeBytes);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new FileBlockDevice(path, channel, geometry, false, GranuleMap.empty(sizeBytes), sizeBytes);
    }

    /// Opens a file or device node as it is; a tail smaller than the smallest block is left out.
    public static FileBlockDevice open(Path path, BlockGeometry geometry, boolean readOnly)
            throws IOException {
        Set<StandardOpenOption> options = readOnly
                ? Set.of(StandardOpenOption.READ)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a folder is not a device: path=" + path);
        }
        FileChannel channel = FileChannel.open(path, options);
        try {
            long size = channel.size() & -geometry.minimumBytes();
            return new FileBlockDevice(path, channel, geometry, readOnly, GranuleMap.full(size), size);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static void requireWholeBlocks(long sizeBytes, BlockGeometry geometry) {
        if (sizeBytes < 0 || !geometry.isAligned(0, sizeBytes)) {
            throw new OutOfRangeException("the size is a multiple of the smallest block: sizeBytes="
                    + sizeBytes + " minimumBytes=" + geometry.minimumBytes());
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
        OutOfRangeException.check(offset, destination.remaining(), sizeBytes, geometry);
        try {
            long at = offset;
            while (destination.hasRemaining()) {
                int count = channel.read(destination, at);
                if (count < 0) {
                    throw new DeviceIoException("the file ends early: path=" + path + " offset=" + at);
                }
                at += count;
            }
        } catch (IOException failure) {
            throw failed("read", offset, failure);
        }
    }

    @Override
    public void write(long offset, ByteBuffer source, Durability durability) {
        checkChange(offset, source.remaining());
        written.mark(offset, source.remaining());
        writeBytes(offset, source);
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    private void checkChange(long offset, long length) {
        if (readOnly) {
            throw new DeviceReadOnlyException("opened read-only: path=" + path);
        }
        OutOfRangeException.check(offset, length, sizeBytes, geometry);
    }

    private void writeBytes(long offset, ByteBuffer source) {
        try {
            long at = offset;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        } catch (IOException failure) {
            throw failed("write", offset, failure);
        }
    }

    @Override
    public void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        checkChange(offset, length);
        long end = offset + length;
        long at = offset;
        while (at < end) {
            long pieceEnd = Math.min(end, GranuleMap.granuleEnd(at));
            if (mode == ZeroMode.KEEP_ALLOCATED || written.isWritten(at)) {
                written.mark(at, pieceEnd - at);
                writeBytes(at, ZEROES.slice(0, (int) (pieceEnd - at)));
            }
            at = pieceEnd;
        }
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        OutOfRangeException.check(offset, length, sizeBytes, geometry);
        return mode == ZeroMode.MAY_FREE_SPACE && !written.isAnyWritten(offset, length);
    }

    @Override
    public void trim(long offset, long length, Durability durability) {
        checkChange(offset, length);
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (readOnly) {
            return;
        }
        long mine = flushesAsked.incrementAndGet();
        flushing.lock();
        try {
            if (flushFailure != null) {
                throw failed("flush", 0, flushFailure);
            }
            if (flushesDone < mine) {
                long covered = flushesAsked.get();
                channel.force(false);
                flushesDone = covered;
            }
        } catch (IOException failure) {
            flushFailure = failure;
            throw failed("flush", 0, failure);
        } finally {
            flushing.unlock();
        }
    }

    /// The kernel reads ahead by itself.
    @Override
    public void prefetch(long offset, long length) {
        OutOfRangeException.check(offset, length, sizeBytes, geometry);
    }

    @Override
    public List<Extent> extents(long offset, long length, int countMax) {
        OutOfRangeException.check(offset, length, sizeBytes, geometry);
        return written.extents(offset, length, countMax);
    }

    @Override
    public Registration onResize(ResizeListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Makes the device larger; the new part is a hole.
    public void growTo(long newSizeBytes) {
        requireWholeBlocks(newSizeBytes, geometry);
        checkChange(0, 0);
        resizing.lock();
        try {
            if (newSizeBytes < sizeBytes) {
                throw new OutOfRangeException("a file device only grows: path=" + path + " sizeBytes="
                        + sizeBytes + " newSizeBytes=" + newSizeBytes);
            }
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(newSizeBytes);
            }
            written = written.grownTo(newSizeBytes);
            sizeBytes = newSizeBytes;
        } catch (IOException failure) {
            throw failed("resize", newSizeBytes, failure);
        } finally {
            resizing.unlock();
        }
        listeners.forEach(listener -> listener.onResized(newSizeBytes));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw failed("close", 0, failure);
        }
    }

    private BlockDeviceException failed(String operation, long offset, IOException failure) {
        String reason = Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
        String message = operation + " failed: path=" + path + " offset=" + offset + " reason=" + reason;
        return switch (reason.toLowerCase(Locale.ROOT)) {
            case "no space left on device", "disk quota exceeded", "file too large" ->
                new NoSpaceException(message, failure);
            case "read-only file system" -> new DeviceReadOnlyException(message, failure);
            default -> new DeviceIoException(message, failure);
        };
    }
}
