package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufMessageTest {
    @Test
    void whatWasWrittenIsRead() throws IOException {
        ProtobufMessage message = ProtobufMessage.parse(new ProtobufWriter()
                .number(1, 300)
                .number(2, -1)
                .flag(3, true)
                .text(68, "näme")
                .message(5, new ProtobufWriter().number(1, 7))
                .message(5, new ProtobufWriter().number(1, 8))
                .toBytes());
        assertEquals(300, message.number(1, 0));
        assertEquals(-1, message.number(2, 0));
        assertTrue(message.flag(3));
        assertFalse(message.flag(4));
        assertEquals("näme", message.text(68));
        assertEquals(2, message.messages(5).size());
        assertEquals(8, message.message(5).orElseThrow().number(1, 0));
    }

    @Test
    void anyBytesGiveAMessageOrAnError() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        int understood = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                ProtobufMessage message = ProtobufMessage.parse(bytes);
                message.text(1);
                message.number(1, 0);
                message.messages(1);
                understood++;
            } catch (IOException refused) {
                assertTrue(bytes.length > 0, "seed=" + seed);
            }
        }
        assertTrue(understood > 0, "seed=" + seed);
    }
}
