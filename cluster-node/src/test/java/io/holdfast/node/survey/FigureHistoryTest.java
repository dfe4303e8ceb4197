package io.holdfast.node.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.node.http.port.StatusSource.Traffic;
import io.holdfast.node.http.port.TrendView.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a node remembers of what it did.
final class FigureHistoryTest {
    private final FigureHistory history = new FigureHistory();

    private static Traffic traffic(long reads, List<Long> readsByDoubledMicros) {
        return new Traffic(1, reads, 4_096 * reads, 0, 0, readsByDoubledMicros, List.of());
    }

    @Test
    void countersBecomeRatesAndBucketsTheTimeWithinWhichNearlyAllWere() {
        history.note(1_000, 7, traffic(100, List.of(0L, 100L, 0L, 0L)));
        history.note(6_000, 9, traffic(300, List.of(0L, 100L, 199L, 1L)));
        assertEquals(List.of(new Sample(6_000, 9, 40, 163_840, 0, 0, 4, 0)), history.samples());
    }

    @Test
    void aVolumeThatIsClosedTakesItsCountsAlong() {
        history.note(1_000, 7, traffic(100, List.of(100L)));
        history.note(6_000, 7, traffic(10, List.of(10L)));
        assertEquals(List.of(new Sample(6_000, 7, 0, 0, 0, 0, 0, 0)), history.samples());
    }

    @Test
    void halfAnHourIsKept() {
        for (int number = 0; number < 400; number++) {
            history.note(5_000L * number, number, Traffic.NONE);
        }
        assertEquals(360, history.samples().size());
        assertEquals(399, history.samples().getLast().applied());
    }
}
