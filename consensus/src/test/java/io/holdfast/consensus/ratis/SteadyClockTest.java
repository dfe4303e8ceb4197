package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
    private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private long nanos = Long.MAX_VALUE - 10_000_000;
    private long wall = BEGIN;
    private final SteadyClock clock = new SteadyClock(() -> nanos, () -> wall);

    @Test
    void followsBothClocksWhileTheyAgree() {
        pass(10_000);
        assertEquals(BEGIN + 10_000, clock.millis());
    }

    @Test
    void anHourThatTheWallClockJumpsIsNotALeasesTime() {
        wall += 3_600_000;
        assertEquals(BEGIN, clock.millis());
        pass(1_000);
        assertEquals(BEGIN + 1_005, clock.millis());
    }

    @Test
    void neverGoesBackWhenTheWallClockDoes() {
        wall -= 3_600_000;
        pass(1_000);
        assertEquals(BEGIN + 995, clock.millis());
    }

    @Test
    void arrivesAtTheWallClockInTheEnd() {
        wall += 50;
        for (int second = 0; second < 20; second++) {
            pass(1_000);
            clock.millis();
        }
        assertEquals(wall, clock.millis());
    }

    @Test
    void goesOnFromTheTimeOfALeader() {
        clock.follow(BEGIN - 3_600_000);
        pass(1_000);
        assertEquals(BEGIN - 3_600_000 + 1_005, clock.millis(), "and approaches its own wall clock");
    }

    @Test
    void aWallClockBehindWhatTheLedgerHasSeenDoesNotStopIt() {
        clock.passed(BEGIN + 3_600_000);
        pass(1_000);
        assertEquals(BEGIN + 3_600_000 + 995, clock.millis());
    }

    @Test
    void whatPassedLongAgoChangesNothing() {
        clock.passed(BEGIN - 3_600_000);
        assertEquals(BEGIN, clock.millis());
    }

    private void pass(long millis) {
        nanos += millis * 1_000_000;
        wall += millis;
    }
}
