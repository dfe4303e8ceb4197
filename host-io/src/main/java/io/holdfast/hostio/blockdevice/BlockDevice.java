package io.holdfast.hostio.blockdevice;

import java.nio.ByteBuffer;
import java.util.List;

/// A virtual block device: a range of bytes that is read, written, zeroed, trimmed and flushed.
///
/// Concurrent: any number of threads may call any operation at once; two overlapping operations that run at
/// the same time may be seen in either order, block by block. Offsets and lengths are multiples of
/// [BlockGeometry#minimumBytes()] and lie within [#sizeBytes()], else [OutOfRangeException]. An operation of
/// length 0 does nothing. A failed write may have changed any part of its range and nothing outside it.
/// Threads inside an operation must not be interrupted.
public interface BlockDevice extends AutoCloseable {
    /// The size at this moment; it changes when the device is resized.
    long sizeBytes();

    /// The sizes of requests that the device accepts and likes.
    BlockGeometry geometry();

    /// Whether every change is refused with [DeviceReadOnlyException].
    boolean isReadOnly();

    /// Fills the buffer from its position to its limit and moves the position to the limit. On failure the
    /// bytes in between and the position are undefined. The buffer is not kept.
    void read(long offset, ByteBuffer destination);

    /// Stores the bytes between position and limit and moves the position to the limit. The buffer is not
    /// changed and not kept.
    void write(long offset, ByteBuffer source, Durability durability);

    /// Makes the range read as zeroes.
    void writeZeroes(long offset, long length, ZeroMode mode, Durability durability);

    /// Whether [#writeZeroes] of this range takes clearly less time than writing as many zero bytes. Must
    /// answer at once.
    boolean canZeroFast(long offset, long length, ZeroMode mode);

    /// Says that the contents of the range are no longer needed; the device may free the space of any part
    /// of it. What the range reads as afterwards is undefined until it is written again.
    void trim(long offset, long length, Durability durability);

    /// Makes every operation that returned before this call durable.
    void flush();

    /// Says that the range will be read soon. May do nothing.
    void prefetch(long offset, long length);

    /// What is known about the allocation of a range: at least one and at most `countMax` adjoining extents,
    /// the first of which starts at `offset`. They may end before the end of the range, never beyond it.
    List<Extent> extents(long offset, long length, int countMax);

    /// Calls the listener after each later change of the size, until the returned registration is closed.
    Registration onResize(ResizeListener listener);

    /// Releases what the device holds. Does not flush. Nothing may be called afterwards.
    @Override
    void close();

    /// Hears of a new size, after it is in force. Must not block.
    @FunctionalInterface
    interface ResizeListener {
        void onResized(long sizeBytes);
    }

    /// Ends the calls to a listener when closed.
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
