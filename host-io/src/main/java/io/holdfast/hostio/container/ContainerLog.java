package io.holdfast.hostio.container;

import java.time.Duration;

/// What a container's processes wrote to standard output and error, in one stream. Bounded: the oldest is
/// forgotten, so offsets only grow but may point to what is no longer there.
public interface ContainerLog {
    /// The oldest byte still kept.
    long beginOffset();

    /// One past the newest byte.
    long endOffset();

    /// At most `bytesMax` bytes from this offset, or from the oldest one kept; empty at the end.
    Chunk read(long offset, int bytesMax);

    /// Waits until there is something at this offset or the container has ended and all is written; false if
    /// neither happened in time.
    boolean awaitBeyond(long offset, Duration deadline);

    /// A part of a log.
    ///
    /// @param offset where it begins, which is later than asked for if that was forgotten
    @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out.
    record Chunk(long offset, byte[] bytes) {
        public Chunk {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        /// Where to go on reading.
        public long nextOffset() {
            return offset + bytes.length;
        }
    }
}
