package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.chaos.checker.Availability.Window;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
    private static final long SECOND = 1_000_000_000L;

    private static Availability acknowledgedAt(long... seconds) {
        Histories<String, String> history = new Histories<>();
        for (long second : seconds) {
            history.ok(0, second * SECOND, "write", "");
        }
        history.unknown(0, 50 * SECOND, "write");
        return Availability.of(history.history());
    }

    private static Window seconds(long from, long to) {
        return new Window(from * SECOND, to * SECOND);
    }

    @Test
    void stallIncludesTheEndsOfTheWindow() {
        assertEquals(seconds(3, 9), acknowledgedAt(1, 2, 3, 9, 10).longestStall(seconds(0, 10)));
        assertEquals(seconds(0, 6), acknowledgedAt(6, 7).longestStall(seconds(0, 10)));
        assertEquals(seconds(7, 20), acknowledgedAt(6, 7).longestStall(seconds(0, 20)));
        assertEquals(seconds(0, 20), acknowledgedAt().longestStall(seconds(0, 20)));
    }

    @Test
    void overlappingWindowsAreCountedOnce() {
        assertEquals(List.of(seconds(1, 6), seconds(8, 9)),
                Availability.merged(List.of(seconds(8, 9), seconds(1, 4), seconds(2, 3), seconds(4, 6))));
    }

    @Test
    void nextAcknowledgementIsFound() {
        assertEquals(OptionalLong.of(9 * SECOND), acknowledgedAt(1, 9, 3).firstAfter(3 * SECOND));
        assertEquals(OptionalLong.empty(), acknowledgedAt(1, 9).firstAfter(9 * SECOND));
    }

    @Test
    void rateCountsOnlyInsideTheWindows() {
        Availability availability = acknowledgedAt(1, 2, 3, 8, 9);
        assertEquals(1.5, availability.perSecond(List.of(seconds(1, 3))));
        assertEquals(1.0, availability.perSecond(List.of(seconds(1, 3), seconds(7, 10))));
        assertEquals(0, availability.perSecond(List.of()));
    }

    @Test
    void restOfTheTimeIsWhatNoWindowCovers() {
        assertEquals(List.of(seconds(0, 2), seconds(6, 8)),
                Availability.outside(seconds(0, 10), List.of(seconds(8, 12), seconds(2, 5), seconds(4, 6))));
    }
}
