package io.holdfast.hostio.testing;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.DeviceReadOnlyException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A block device in memory that keeps only the blocks that were written, and remembers what is durable.
/// Concurrent (one lock).
public final class MemoryBlockDevice implements BlockDevice {
    private static final int BLOCK_BYTES = 4096;

    private final BlockGeometry geometry;
    private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
    private final TreeMap<Long, byte[]> notDurable = new TreeMap<>();
    private final List<ResizeListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean readOnly;
    private volatile long sizeBytes;
    private int flushCount;

    public MemoryBlockDevice(long sizeBytes) {
        this(sizeBytes, BlockGeometry.DEFAULT);
    }

    public MemoryBlockDevice(long sizeBytes, BlockGeometry geometry) {
        this.sizeBytes = sizeBytes;
        this.geometry = geometry;
    }

    /// From now on every change is refused.
    public void becomeReadOnly() {
        readOnly = true;
    }

    /// How often anything was made durable.
    public synchronized int flushCount() {
        return flushCount;
    }

    /// Undoes every change since the last flush, as a loss of power may.
    public synchronized void losePower() {
        notDurable.forEach((block, before) -> {
            if (before.length == 0) {
                blocks.remove(block);
            } else {
                blocks.put(block, before);
            }
        });
        notDurable.clear();
    }

    /// Changes the size and tells the listeners.
    public void resize(long newSizeBytes) {
        synchronized (this) {
            blocks.tailMap(newSizeBytes / BLOCK_BYTES, newSizeBytes % BLOCK_BYTES == 0).clear();
            sizeBytes = newSizeBytes;
        }
        listeners.forEach(listener -> listener.onResized(newSizeBytes));
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
    public synchronized void read(long offset, ByteBuffer destination) {
        check(offset, destination.remaining());
        long at = offset;
        while (destination.hasRemaining()) {
            int inBlock = (int) (at % BLOCK_BYTES);
            int count = Math.min(destination.remaining(), BLOCK_BYTES - inBlock);
            byte[] block = blocks.getOrDefault(at / BLOCK_BYTES, new byte[BLOCK_BYTES]);
            destination.put(block, inBlock, count);
            at += count;
        }
    }

    @Override
    public synchronized void write(long offset, ByteBuffer source, Durability durability) {
        checkChange(offset, source.remaining());
        long at = offset;
        while (source.hasRemaining()) {
            int inBlock = (int) (at % BLOCK_BYTES);
            int count = Math.min(source.remaining(), BLOCK_BYTES - inBlock);
            source.get(changed(at / BLOCK_BYTES), inBlock, count);
            at += count;
        }
        settle(durability);
    }

    private byte[] changed(long block) {
        byte[] before = blocks.get(block);
        notDurable.putIfAbsent(block, before == null ? new byte[0] : before.clone());
        return blocks.computeIfAbsent(block, _ -> new byte[BLOCK_BYTES]);
    }

    private void settle(Durability durability) {
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    @Override
    public synchronized void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        checkChange(offset, length);
        long end = offset + length;
        long at = offset;
        while (at < end) {
            int inBlock = (int) (at % BLOCK_BYTES);
            int count = (int) Math.min(end - at, BLOCK_BYTES - inBlock);
            byte[] block = changed(at / BLOCK_BYTES);
            if (count == BLOCK_BYTES && mode == ZeroMode.MAY_FREE_SPACE) {
                blocks.remove(at / BLOCK_BYTES);
            } else {
                Arrays.fill(block, inBlock, inBlock + count, (byte) 0);
            }
            at += count;
        }
        settle(durability);
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        check(offset, length);
        return mode == ZeroMode.MAY_FREE_SPACE && (offset | length) % BLOCK_BYTES == 0;
    }

    @Override
    public synchronized void trim(long offset, long length, Durability durability) {
        checkChange(offset, length);
        long first = (offset + BLOCK_BYTES - 1) / BLOCK_BYTES;
        for (long block = first; (block + 1) * BLOCK_BYTES <= offset + length; block++) {
            changed(block);
            blocks.remove(block);
        }
        settle(durability);
    }

    @Override
    public synchronized void flush() {
        notDurable.clear();
        flushCount++;
    }

    @Override
    public void prefetch(long offset, long length) {
        check(offset, length);
    }

    @Override
    public synchronized List<Extent> extents(long offset, long length, int countMax) {
        check(offset, length);
        List<Extent> extents = new ArrayList<>();
        long end = offset + length;
        long at = offset;
        while (at < end && extents.size() < countMax) {
            long start = at;
            Extent.Kind kind = kind(at);
            while (at < end && kind(at) == kind) {
                at = Math.min(end, (at / BLOCK_BYTES + 1) * BLOCK_BYTES);
            }
            extents.add(new Extent(start, at - start, kind));
        }
        return extents;
    }

    private Extent.Kind kind(long offset) {
        byte[] block = blocks.get(offset / BLOCK_BYTES);
        if (block == null) {
            return Extent.Kind.HOLE;
        }
        for (byte value : block) {
            if (value != 0) {
                return Extent.Kind.DATA;
            }
        }
        return Extent.Kind.ZERO;
    }

    @Override
    public Registration onResize(ResizeListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }

    private void checkChange(long offset, long length) {
        if (readOnly) {
            throw new DeviceReadOnlyException("set read-only");
        }
        check(offset, length);
    }

    private void check(long offset, long length) {
        OutOfRangeException.check(offset, length, sizeBytes, geometry);
    }
}
