package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.DeviceReadOnlyException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.nio.ByteBuffer;
import java.util.List;

/// A snapshot as a block device that takes no changes. Concurrent.
final class PinnedVolume implements BlockDevice {
    private final Family.PinnedVersion pinned;
    private final VersionReader reader;

    PinnedVolume(Family.PinnedVersion pinned, VersionReader reader) {
        this.pinned = pinned;
        this.reader = reader;
    }

    @Override
    public long sizeBytes() {
        return pinned.sizeBytes();
    }

    @Override
    public BlockGeometry geometry() {
        return BlockGeometry.DEFAULT;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
        OutOfRangeException.check(offset, destination.remaining(), sizeBytes(), geometry());
        long first = offset / Volume.BLOCK_BYTES;
        long end = (offset + destination.remaining() + Volume.BLOCK_BYTES - 1) / Volume.BLOCK_BYTES;
        int blocks = Math.toIntExact(end - first);
        if ((offset | destination.remaining()) % Volume.BLOCK_BYTES == 0) {
            reader.read(pinned.version(), first, blocks, destination, null);
            destination.position(destination.limit());
        } else if (blocks > 0) {
            ByteBuffer whole = ByteBuffer.allocate(blocks * Volume.BLOCK_BYTES);
            reader.read(pinned.version(), first, blocks, whole, null);
            destination.put(whole.slice((int) (offset % Volume.BLOCK_BYTES), destination.remaining()));
        }
    }

    private static DeviceReadOnlyException refused() {
        return new DeviceReadOnlyException("a snapshot takes no changes");
    }

    @Override
    public void write(long offset, ByteBuffer source, Durability durability) {
        throw refused();
    }

    @Override
    public void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        throw refused();
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        return false;
    }

    @Override
    public void trim(long offset, long length, Durability durability) {
        throw refused();
    }

    @Override
    public void flush() {
        // Everything in a snapshot is durable.
    }

    @Override
    public void prefetch(long offset, long length) {
        OutOfRangeException.check(offset, length, sizeBytes(), geometry());
    }

    @Override
    public List<Extent> extents(long offset, long length, int countMax) {
        OutOfRangeException.check(offset, length, sizeBytes(), geometry());
        return Volume.extents(pinned.version(), offset, length, countMax);
    }

    @Override
    public Registration onResize(ResizeListener listener) {
        return () -> {};
    }

    @Override
    public void close() {
        // The store closes what it stands on.
    }
}
