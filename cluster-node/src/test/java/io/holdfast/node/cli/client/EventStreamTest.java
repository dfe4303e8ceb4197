package io.holdfast.node.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventStreamTest {
    @Test
    void eventsAreReadWithPositionTypeAndText() throws Exception {
        try (EventStream stream = of(": alive\n\nid: 7.1\nevent: change\ndata: {\ndata: }\n\ndata:x\n\n")) {
            assertEquals(Optional.of(new EventStream.Event("7.1", "change", "{\n}")), stream.next());
            assertEquals(Optional.of(new EventStream.Event("", "message", "x")), stream.next());
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void anEventThatIsCutOffIsNotAnEvent() throws Exception {
        try (EventStream stream = of("id: 1\ndata: half")) {
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void anyBytesEndInEventsOrTheEnd() throws Exception {
        long seed = System.nanoTime();
        System.out.println("EventStreamTest seed=" + seed);
        Random random = new Random(seed);
        byte[] alphabet = "id:data event\n\r\u0000é ".getBytes(StandardCharsets.UTF_8);
        int events = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(alphabet.length)];
            }
            try (EventStream stream = new EventStream(new ByteArrayInputStream(bytes))) {
                while (stream.next().isPresent()) {
                    events++;
                }
            }
        }
        assertTrue(events >= 0);
    }

    private static EventStream of(String text) {
        return new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
