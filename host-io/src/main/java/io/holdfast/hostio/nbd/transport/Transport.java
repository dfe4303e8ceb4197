package io.holdfast.hostio.nbd.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A blocking stream of bytes in both directions. One thread may read while another writes; writers take
/// turns by themselves. Closing it from any thread ends both.
public interface Transport extends AutoCloseable {
    /// Reads at least one byte into a buffer that has room, waiting for it. -1 at the end of the stream.
    int read(ByteBuffer destination) throws IOException;

    /// Writes everything between position and limit.
    void write(ByteBuffer source) throws IOException;

    /// Says goodbye where the protocol has a word for it, then closes.
    @Override
    void close() throws IOException;
}
