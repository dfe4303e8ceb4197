package io.holdfast.hostio.testing;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// A device that fails or holds operations when a test says so, and passes all others on. Concurrent.
public final class FaultyBlockDevice implements BlockDevice {
    private static final long HOLD_SECONDS_MAX = 60;

    private final BlockDevice device;
    private final AtomicReference<Optional<Supplier<RuntimeException>>> failure =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicInteger held = new AtomicInteger();
    private volatile long heldFrom = Long.MAX_VALUE;

    public FaultyBlockDevice(BlockDevice device) {
        this.device = device;
    }

    /// From now on every operation throws such an exception.
    public void fail(Supplier<RuntimeException> cause) {
        failure.set(Optional.of(cause));
    }

    /// Ends [#fail].
    public void recover() {
        failure.set(Optional.empty());
    }

    /// From now on operations at this offset or above (and every flush, if it is 0) wait for [#release].
    public void holdFrom(long offset) {
        gate.set(new CountDownLatch(1));
        heldFrom = offset;
    }

    /// Lets everything that waits go on.
    public void release() {
        heldFrom = Long.MAX_VALUE;
        gate.get().countDown();
    }

    /// How many operations wait now.
    public int heldCount() {
        return held.get();
    }

    private void pass(long offset) {
        if (offset >= heldFrom) {
            held.incrementAndGet();
            try {
                if (!gate.get().await(HOLD_SECONDS_MAX, TimeUnit.SECONDS)) {
                    throw new AssertionError("held for too long: offset=" + offset);
                }
            } catch (InterruptedException interrupted) {
                throw new AssertionError("a thread within a device was interrupted", interrupted);
            } finally {
                held.decrementAndGet();
            }
        }
        Optional<Supplier<RuntimeException>> cause = failure.get();
        if (cause.isPresent()) {
            throw cause.get().get();
        }
    }

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
        pass(offset);
        device.read(offset, destination);
    }

    @Override
    public void write(long offset, ByteBuffer source, Durability durability) {
        pass(offset);
        device.write(offset, source, durability);
    }

    @Override
    public void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        pass(offset);
        device.writeZeroes(offset, length, mode, durability);
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        return device.canZeroFast(offset, length, mode);
    }

    @Override
    public void trim(long offset, long length, Durability durability) {
        pass(offset);
        device.trim(offset, length, durability);
    }

    @Override
    public void flush() {
        pass(0);
        device.flush();
    }

    @Override
    public void prefetch(long offset, long length) {
        pass(offset);
        device.prefetch(offset, length);
    }

    @Override
    public List<Extent> extents(long offset, long length, int countMax) {
        pass(offset);
        return device.extents(offset, length, countMax);
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
