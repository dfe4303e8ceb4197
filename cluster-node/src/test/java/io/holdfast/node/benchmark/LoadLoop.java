package io.holdfast.node.benchmark;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Keeps a fixed number of operations outstanding for a time and reports rate and latency.
final class LoadLoop {
    private LoadLoop() {}

    /// What one run of the loop measured.
    ///
    /// @param perSecond operations completed without failure, per second of the whole run
    record Result(String name, int outstanding, double perSecond, Histogram latencyNanos, long failures) {
        double millisAt(double percentile) {
            return latencyNanos.getValueAtPercentile(percentile) / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-10s outstanding=%-4d %8.0f/s  p50=%.2f ms  p99=%.2f ms  max=%.1f ms  failures=%d",
                    name, outstanding, perSecond, millisAt(50), millisAt(99),
                    latencyNanos.getMaxValue() / 1e6, failures);
        }
    }

    /// Runs operations for the time.
    ///
    /// @param operation starts the operation with the given number
    /// @param settle waits for what belongs to the operations but comes after their completion
    static Result run(
            String name, int outstanding, Duration time, LongFunction<CompletableFuture<?>> operation,
                    Runnable settle) {
        Recorder recorder = new Recorder(3);
        Semaphore permits = new Semaphore(outstanding);
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        long started = System.nanoTime();
        for (long number = 0; System.nanoTime() - started < time.toNanos(); number++) {
            permits.acquireUninterruptibly();
            long sent = System.nanoTime();
            var _ = operation.apply(number).whenComplete((_, failure) -> {
                recorder.recordValue(System.nanoTime() - sent);
                (failure == null ? done : failed).increment();
                permits.release();
            });
        }
        permits.acquireUninterruptibly(outstanding);
        settle.run();
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Result(name, outstanding, done.sum() / seconds, recorder.getIntervalHistogram(),
                failed.sum());
    }
}
