package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PaceTest {
    private final Pace pace = new Pace();

    @Test
    void quickRequestsStayWithTheReaderHoweverManyThereAre() {
        measure(Pace.Kind.SMALL_READ, 3_000);
        pace.arrived(false);
        assertTrue(pace.atOnce(Pace.Kind.SMALL_READ));
        assertFalse(pace.isSlow(Pace.Kind.SMALL_READ));
    }

    @Test
    void slowRequestsGetThreadsOnceTheyComeTogether() {
        measure(Pace.Kind.DURABLE, 300_000);
        assertTrue(pace.atOnce(Pace.Kind.DURABLE));

        pace.arrived(false);

        assertFalse(pace.atOnce(Pace.Kind.DURABLE));
        assertTrue(pace.atOnce(Pace.Kind.SMALL_READ));
        for (int i = 0; i < 100; i++) {
            pace.arrived(true);
        }
        assertTrue(pace.atOnce(Pace.Kind.DURABLE));
    }

    @Test
    void requestsFoundWaitingAgainAndAgainGetThreadsAndFalseAlarmsGrowRare() {
        measure(Pace.Kind.DURABLE, 300_000);
        assertEquals(8, waitsUntilThreads());
        arriveAlone();
        assertEquals(16, waitsUntilThreads());
        pace.arrived(false);
        arriveAlone();
        assertEquals(8, waitsUntilThreads());
        arriveAlone();
        for (int i = 0; i < 100; i++) {
            pace.afterSlow(i % 5 != 0);
        }
        assertTrue(pace.atOnce(Pace.Kind.DURABLE));
    }

    private void arriveAlone() {
        for (int i = 0; i < 100; i++) {
            pace.arrived(true);
        }
    }

    private int waitsUntilThreads() {
        int count = 0;
        while (pace.atOnce(Pace.Kind.DURABLE)) {
            pace.afterSlow(true);
            count++;
        }
        return count;
    }

    @Test
    void verySlowRequestsAlwaysGetThreads() {
        measure(Pace.Kind.SMALL_READ, 15_000_000);
        assertFalse(pace.atOnce(Pace.Kind.SMALL_READ));
    }

    @Test
    void onePauseIsForgottenSoon() {
        measure(Pace.Kind.SMALL_READ, 3_000);
        pace.measured(Pace.Kind.SMALL_READ, 5_000_000_000L);
        pace.arrived(false);
        assertFalse(pace.atOnce(Pace.Kind.SMALL_READ));
        for (int i = 0; i < 60; i++) {
            pace.measured(Pace.Kind.SMALL_READ, 3_000);
        }
        assertTrue(pace.atOnce(Pace.Kind.SMALL_READ));
    }

    private void measure(Pace.Kind kind, long nanos) {
        for (int i = 0; i < 100; i++) {
            pace.measured(kind, nanos);
        }
    }
}
