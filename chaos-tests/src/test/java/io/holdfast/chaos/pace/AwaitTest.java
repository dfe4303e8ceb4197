package io.holdfast.chaos.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Await await = new Await(pause -> nanos.addAndGet(pause.toNanos()), nanos::get);

    @Test
    void answersAsSoonAsTheProbeDoes() throws Exception {
        long found = await.until("a second", Duration.ofSeconds(5),
                () -> nanos.get() >= 1_000_000_000L ? Optional.of(nanos.get()) : Optional.empty());
        assertTrue(found < 1_100_000_000L);
    }

    @Test
    void saysWhatDidNotHappen() {
        TimeoutException timeout = assertThrows(TimeoutException.class,
                () -> await.untilTrue("the leader", Duration.ofSeconds(2), () -> false));
        assertEquals("the leader did not happen, waitedMillis=2000", timeout.getMessage());
    }
}
