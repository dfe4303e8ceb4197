package io.holdfast.hostio.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {
    private static final long SEED = 11;

    @Test
    void isWithinAnEighthOfWhatSortingSays() {
        SplittableRandom random = new SplittableRandom(SEED);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] all = new long[20_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = random.nextLong(1L << random.nextInt(1, 35));
            histogram.record(all[i]);
        }
        Arrays.sort(all);
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
            double exact = all[(int) Math.ceil(all.length * share) - 1] / 1e3;
            double found = histogram.micros(share);
            assertTrue(found >= exact && found <= exact * 1.125 + 0.001,
                    () -> "share=" + share + " exact=" + exact + " found=" + found + " seed=" + SEED);
        }
        assertEquals(all.length, histogram.count());
        assertEquals(all[all.length - 1] / 1e3, histogram.longestMicros());
    }

    @Test
    void takesAnyDuration() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertEquals(0, histogram.micros(0.5));
        histogram.record(-5);
        histogram.record(0);
        histogram.record(Long.MAX_VALUE);
        assertEquals(3, histogram.count());
        assertEquals(0, histogram.micros(0.5));
        assertTrue(histogram.micros(1) > 60_000_000);
    }

    @Test
    void countsByDoubledMicroseconds() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (long nanos : new long[] {500, 1_500, 3_000, 3_500, 100_000, 100_000_000_000L}) {
            histogram.record(nanos);
        }
        List<Long> counts = histogram.byDoubledMicros();
        assertEquals(List.of(1L, 1L, 2L, 0L, 0L, 0L, 0L, 1L), counts.subList(0, 8));
        assertEquals(1, counts.getLast());
        assertEquals(6, counts.stream().mapToLong(Long::longValue).sum());
    }
}
