package io.holdfast.hostio.disk;

import java.nio.ByteBuffer;

/// An open file with positioned reads and writes. Concurrent; reads and writes of overlapping ranges are in
/// no order.
public interface DiskFile extends AutoCloseable {
    String name();

    long sizeBytes();

    /// Fills the buffer from its position to its limit.
    ///
    /// @throws DiskIoException also if the file ends before that
    void read(long position, ByteBuffer target);

    /// Writes all the buffer's remaining bytes; a position beyond the end lets the file grow.
    void write(long position, ByteBuffer source);

    /// Writes zeros over a range of the file, so that later writes there change no metadata and their sync
    /// is cheap. They go past the cache where that can be: a sync by somebody else hardly waits for them.
    void writeZeros(long position, long bytes);

    /// Makes all that was written before the call durable, with the file's size (fdatasync).
    void sync();

    @Override
    void close();
}
