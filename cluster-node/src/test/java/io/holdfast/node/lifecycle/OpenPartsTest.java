package io.holdfast.node.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class OpenPartsTest {
    private static final Duration SOON = Duration.ofMillis(50);
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final OpenParts parts = new OpenParts(System::nanoTime);

    private void open(String name) {
        parts.open(name, Duration.ofSeconds(10), () -> () -> closed.add(name));
    }

    @Test
    void closesInReverse() {
        open("a");
        open("b");
        open("c");
        parts.close();
        assertEquals(List.of("c", "b", "a"), closed);
    }

    @Test
    void closesWhatWasOpenedWhenAnOpeningFails() {
        open("a");
        PartFailedException failure = assertThrows(PartFailedException.class, () ->
                parts.open("b", SOON, () -> {
                    throw new IOException("disk gone");
                }));
        assertTrue(failure.getMessage().contains("part=b"), failure.getMessage());
        assertEquals(List.of("a"), closed);
    }

    @Test
    void goesOnPastAPartThatHangsOrFails() {
        CountDownLatch never = new CountDownLatch(1);
        open("a");
        parts.open("hangs", SOON, () -> never::await);
        parts.open("fails", SOON, () -> () -> {
            throw new IOException("no");
        });
        PartFailedException failure = assertThrows(PartFailedException.class, parts::close);
        assertEquals(1, failure.getSuppressed().length);
        assertEquals(List.of("a"), closed);
        never.countDown();
    }
}
