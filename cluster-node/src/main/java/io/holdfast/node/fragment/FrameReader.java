package io.holdfast.node.fragment;

import io.holdfast.hostio.nbd.transport.Transport;
import io.holdfast.node.fragment.wire.FrameHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Cuts what comes over a connection into frames. Confined to the thread that reads.
final class FrameReader {
    /// Room for several TLS records, so that they are decrypted right into it.
    private static final int BYTES = 64 << 10;

    private final Transport transport;
    private final ByteBuffer in = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).flip();

    /// A frame; the payload's memory is its own.
    record Frame(FrameHeader header, ByteBuffer payload) {}

    FrameReader(Transport transport) {
        this.transport = transport;
    }

    /// The next frame, waiting for it; nothing at the end of the stream.
    Optional<Frame> next() throws IOException {
        if (!fill(FrameHeader.BYTES)) {
            return Optional.empty();
        }
        FrameHeader header = FrameHeader.read(in);
        ByteBuffer payload = ByteBuffer.allocate(header.payloadBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int here = Math.min(in.remaining(), payload.remaining());
        payload.put(0, in, in.position(), here).position(here);
        in.position(in.position() + here);
        while (payload.hasRemaining()) {
            if (transport.read(payload) < 0) {
                throw new EOFException("the connection ended within a frame");
            }
        }
        return Optional.of(new Frame(header, payload.flip()));
    }

    /// Whether more has come already.
    boolean hasMore() {
        return in.hasRemaining();
    }

    private boolean fill(int bytes) throws IOException {
        while (in.remaining() < bytes) {
            in.compact();
            try {
                if (transport.read(in) < 0) {
                    return false;
                }
            } finally {
                in.flip();
            }
        }
        return true;
    }
}
