package io.holdfast.node.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of a pack, wherever they lie. Concurrent.
@FunctionalInterface
interface PackSource {
    /// Fills the buffer.
    ///
    /// @param position of the first byte in the pack
    /// @throws EOFException if the pack ends before
    void read(long position, ByteBuffer target) throws IOException;

    /// A pack that lies in a file, which stays its opener's.
    static PackSource in(FileChannel file) {
        return (position, target) -> {
            long at = position;
            while (target.hasRemaining()) {
                int count = file.read(target, at);
                if (count < 0) {
                    throw new EOFException("a file ends early: position=" + at);
                }
                at += count;
            }
        };
    }
}
