package io.holdfast.node.fragment;

import io.holdfast.hostio.nbd.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Gathers frames that leave together. On the heap, where TLS reads fastest from. Confined to one thread.
final class FrameBatch {
    /// Sixteen full TLS records.
    private static final int BYTES = 256 << 10;

    private final Transport transport;
    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    FrameBatch(Transport transport) {
        this.transport = transport;
    }

    /// Takes a frame in; sends what was gathered first if both do not fit.
    void add(OutgoingFrame frame) throws IOException {
        if (frame.bytes() > buffer.remaining()) {
            flush();
        }
        if (frame.bytes() > buffer.capacity()) {
            ByteBuffer own = ByteBuffer.allocate(frame.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            frame.write(own);
            transport.write(own.flip());
        } else {
            frame.write(buffer);
        }
    }

    boolean isFull() {
        return buffer.position() > BYTES / 2;
    }

    void flush() throws IOException {
        if (buffer.position() > 0) {
            transport.write(buffer.flip());
        }
        buffer.clear();
    }
}
