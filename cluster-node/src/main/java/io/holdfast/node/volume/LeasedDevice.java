package io.holdfast.node.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.nio.ByteBuffer;
import java.util.List;

/// A device that answers only while its family's lease is held. What is read is looked at before and after:
/// a node that stood still in between must not give out what was there before. Concurrent.
///
/// What is made durable needs no second look: the token decides about that, not time.
///
/// @param device borrowed
record LeasedDevice(BlockDevice device, ServingLease lease) implements BlockDevice {
    @Override
    public long sizeBytes() {
        return device.sizeBytes();
    }

    @Override
    public BlockGeometry geometry() {
        return device.geometry();
    }

    @Override
    public boolean isReadOnly() {
        return device.isReadOnly();
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
        lease.require();
        device.read(offset, destination);
        lease.require();
    }

    @Override
    public void write(long offset, ByteBuffer source, Durability durability) {
        lease.require();
        device.write(offset, source, durability);
    }

    @Override
    public void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        lease.require();
        device.writeZeroes(offset, length, mode, durability);
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        return device.canZeroFast(offset, length, mode);
    }

    @Override
    public void trim(long offset, long length, Durability durability) {
        lease.require();
        device.trim(offset, length, durability);
    }

    @Override
    public void flush() {
        lease.require();
        device.flush();
    }

    @Override
    public void prefetch(long offset, long length) {
        device.prefetch(offset, length);
    }

    @Override
    public List<Extent> extents(long offset, long length, int countMax) {
        lease.require();
        List<Extent> extents = device.extents(offset, length, countMax);
        lease.require();
        return extents;
    }

    @Override
    public Registration onResize(ResizeListener listener) {
        return device.onResize(listener);
    }

    @Override
    public void close() {
        device.close();
    }
}
