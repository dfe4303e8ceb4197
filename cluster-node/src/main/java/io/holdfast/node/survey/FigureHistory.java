package io.holdfast.node.survey;

import io.holdfast.node.http.port.StatusSource.Traffic;
import io.holdfast.node.http.port.TrendView.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one node did lately: half an hour of samples, forgotten when it starts again. Concurrent: guarded by
/// its own lock.
final class FigureHistory {
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final int SAMPLES_MAX = 360;

    /// The share of operations that is to be within what is told.
    private static final double SHARE = 0.99;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Traffic before;
    private long beforeMillis;

    /// Notes what was counted until now.
    void note(long nowMillis, long applied, Traffic traffic) {
        lock.lock();
        try {
            Traffic then = before;
            if (then != null && nowMillis > beforeMillis) {
                if (samples.size() == SAMPLES_MAX) {
                    samples.removeFirst();
                }
                samples.addLast(sample(nowMillis, applied, then, traffic));
            }
            before = traffic;
            beforeMillis = nowMillis;
        } finally {
            lock.unlock();
        }
    }

    List<Sample> samples() {
        lock.lock();
        try {
            return List.copyOf(samples);
        } finally {
            lock.unlock();
        }
    }

    private Sample sample(long nowMillis, long applied, Traffic then, Traffic now) {
        double seconds = (nowMillis - beforeMillis) / 1e3;
        return new Sample(
                nowMillis,
                applied,
                grown(then.reads(), now.reads()) / seconds,
                grown(then.readBytes(), now.readBytes()) / seconds,
                grown(then.writes(), now.writes()) / seconds,
                grown(then.writtenBytes(), now.writtenBytes()) / seconds,
                within(then.readsByDoubledMicros(), now.readsByDoubledMicros()),
                within(then.writesByDoubledMicros(), now.writesByDoubledMicros()));
    }

    /// What was counted for a volume goes with it when it is closed; then nothing is known.
    private static long grown(long then, long now) {
        return Math.max(0, now - then);
    }

    private static long within(List<Long> then, List<Long> now) {
        long all = 0;
        for (int i = 0; i < now.size(); i++) {
            all += since(then, now, i);
        }
        long seen = 0;
        for (int i = 0; i < now.size() && all > 0; i++) {
            seen += since(then, now, i);
            if (seen >= all * SHARE) {
                return 1L << i;
            }
        }
        return 0;
    }

    private static long since(List<Long> then, List<Long> now, int place) {
        return grown(place < then.size() ? then.get(place) : 0, now.get(place));
    }
}
