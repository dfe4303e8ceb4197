package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;

/// A strip on its way to disk. The buffers are borrowed until the append completes.
///
/// @param header what it says about itself
/// @param payload [StripHeader#payloadBytes()] bytes, from position to limit
public record Strip(StripHeader header, ByteBuffer payload) {
    public Strip {
        if (payload.remaining() != header.payloadBytes()) {
            throw new IllegalArgumentException("the payload has another size than the header says: bytes="
                    + payload.remaining() + " headerBytes=" + header.payloadBytes());
        }
    }
}
