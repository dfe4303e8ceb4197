package io.holdfast.hostio.volume;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long operations took: counts by duration, in steps of an eighth. Concurrent, of fixed size.
public final class LatencyHistogram {
    private static final int STEPS_SHIFT = 3;
    private static final int STEPS = 1 << STEPS_SHIFT;
    /// Up to 2^36 ns, a bit more than a minute; what takes longer counts as that.
    private static final int DOUBLINGS = 36;

    /// Up to 2^25 us, half a minute.
    private static final int DOUBLED_MICROS = 27;

    private final AtomicLongArray counts = new AtomicLongArray(DOUBLINGS * STEPS);
    private final AtomicLong longestNanos = new AtomicLong();

    void record(long nanos) {
        counts.incrementAndGet(slot(Math.max(0, nanos)));
        if (nanos > longestNanos.get()) {
            longestNanos.accumulateAndGet(nanos, Math::max);
        }
    }

    private static int slot(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - STEPS_SHIFT;
        return Math.min((shift + 1) * STEPS + (int) (nanos >>> shift) - STEPS, DOUBLINGS * STEPS - 1);
    }

    /// The longest duration that falls into a slot.
    private static long slotNanos(int slot) {
        int shift = slot / STEPS - 1;
        return shift < 0 ? slot : ((long) (slot % STEPS + STEPS + 1) << shift) - 1;
    }

    public long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /// So many microseconds were enough for this share of the operations; at most an eighth too many.
    ///
    /// @param share from 0 to 1
    public double micros(double share) {
        long count = count();
        long wanted = (long) Math.ceil(count * share);
        long seen = 0;
        for (int i = 0; i < counts.length() && count > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                return Math.min(slotNanos(i), longestNanos.get()) / 1e3;
            }
        }
        return 0;
    }

    /// Counts by duration in doublings: the first of those that took less than a microsecond, each further
    /// one of those that took less than twice as long, the last of all that took longer; at most an eighth of
    /// the duration off.
    public List<Long> byDoubledMicros() {
        long[] sums = new long[DOUBLED_MICROS];
        for (int i = 0; i < counts.length(); i++) {
            long micros = slotNanos(i) / 1_000;
            int doubling = Long.SIZE - Long.numberOfLeadingZeros(micros);
            sums[Math.min(DOUBLED_MICROS - 1, doubling)] += counts.get(i);
        }
        return Arrays.stream(sums).boxed().toList();
    }

    public double longestMicros() {
        return longestNanos.get() / 1e3;
    }
}
