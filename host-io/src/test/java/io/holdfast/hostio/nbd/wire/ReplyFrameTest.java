package io.holdfast.hostio.nbd.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ReplyFrameTest {
    private static final long COOKIE = 0x1122334455667788L;

    @Test
    void simpleReplyIsSixteenBytes() {
        assertEquals(
                "67446698" + "00000016" + "1122334455667788",
                hex(out -> ReplyFrame.simple(out, COOKIE, NbdWire.EINVAL)));
    }

    @Test
    void dataChunkAnnouncesOffsetAndBytes() {
        assertEquals(
                "668e33ef" + "0001" + "0001" + "1122334455667788" + "00001008" + "0000000000002000",
                hex(out -> ReplyFrame.offsetData(out, COOKIE, true, 0x2000, 0x1000)));
    }

    @Test
    void holeChunkHasNoBytes() {
        assertEquals(
                "668e33ef" + "0000" + "0002" + "1122334455667788" + "0000000c" + "0000000000002000"
                        + "00001000",
                hex(out -> ReplyFrame.offsetHole(out, COOKIE, false, 0x2000, 0x1000)));
    }

    @Test
    void finalChunkIsEmpty() {
        assertEquals(
                "668e33ef" + "0001" + "0000" + "1122334455667788" + "00000000",
                hex(out -> ReplyFrame.none(out, COOKIE)));
    }

    @Test
    void blockStatusAnnouncesItsExtents() {
        assertEquals(
                "668e33ef" + "0001" + "0005" + "1122334455667788" + "00000014" + "00000001",
                hex(out -> ReplyFrame.blockStatus(out, COOKIE, 1, 2)));
    }

    @Test
    void errorChunkCarriesCodeAndText() {
        for (int error : new int[] {1, 5, 22, 28, 75, 95, 108}) {
            ByteBuffer out = ByteBuffer.allocate(ReplyFrame.ERROR_BYTES_MAX);
            ReplyFrame.error(out, COOKIE, error);
            out.flip();
            assertEquals(out.remaining() - ReplyFrame.CHUNK_BYTES, out.getInt(16));
            assertEquals(0x8001, Short.toUnsignedInt(out.getShort(6)));
            assertEquals(error, out.getInt(20));
            int length = out.getShort(24);
            assertEquals(out.remaining(), 26 + length);
            assertTrue(StandardCharsets.US_ASCII.decode(out.position(26)).toString().length() > 5);
        }
    }

    private static String hex(Consumer<ByteBuffer> encoder) {
        ByteBuffer out = ByteBuffer.allocate(100);
        encoder.accept(out);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }
}
