package io.holdfast.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScrubPaceTest {
    private static final ScrubPace WEEKLY = new ScrubPace(Duration.ofDays(7));

    @Test
    void aFullDiskIsReadWithinThePeriod() {
        long terabyte = 1L << 40;
        assertEquals(terabyte / (7 * 86_400), WEEKLY.bytes(terabyte, Duration.ofSeconds(1)));
    }

    @Test
    void anAlmostEmptyOneIsReadAtATrickle() {
        assertEquals(1 << 20, WEEKLY.bytes(4_096, Duration.ofSeconds(1)));
        assertEquals(1 << 19, WEEKLY.bytes(0, Duration.ofMillis(500)));
    }
}
