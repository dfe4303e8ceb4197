package io.holdfast.hostio.nbd.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/// What clients send before and after the handshake is understood or named as malformed; nothing is thrown.
class NbdWireFuzzTest {
    /// The option's number, then its data.
    @FuzzTest
    void option(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, 1, bytes.length - 1).slice();
        OptionRequest request = OptionRequest.decode(bytes[0], data);
        switch (request) {
            case OptionRequest.Describe describe -> assertTrue(describe.wanted().size() <= bytes.length);
            case OptionRequest.MetaContext context -> assertTrue(context.queries().size() <= bytes.length);
            case OptionRequest _ -> assertTrue(data.position() <= data.limit());
        }
    }

    @FuzzTest
    void request(byte[] bytes) {
        RequestHeader header = new RequestHeader();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= RequestHeader.BYTES) {
            boolean isRequest = header.decode(in);
            assertEquals(0, in.position() % RequestHeader.BYTES);
            assertTrue(header.payloadBytes() == 0 || header.payloadBytes() == header.length());
            if (!isRequest) {
                return;
            }
        }
    }
}
