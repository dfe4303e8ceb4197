package io.holdfast.chaos.pace;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Polling of a condition until it holds or a deadline has passed. Immutable.
public final class Await {
    /// Fast enough that a measured delay is not made of polling, slow enough to cost no core.
    private static final Duration POLL = Duration.ofMillis(20);

    private final Pause pause;
    private final LongSupplier nanoClock;

    /// Polling on a given clock.
    ///
    /// @param nanoClock monotonic, in nanoseconds
    public Await(Pause pause, LongSupplier nanoClock) {
        this.pause = pause;
        this.nanoClock = nanoClock;
    }

    /// Waits in real time.
    public static Await real() {
        return new Await(Pause.REAL, System::nanoTime);
    }

    /// Asks the probe until it answers with something.
    ///
    /// @throws TimeoutException with `what` in its message, when the limit has passed
    public <T> T until(String what, Duration limit, Supplier<Optional<T>> probe)
            throws TimeoutException, InterruptedException {
        long start = nanoClock.getAsLong();
        while (true) {
            Optional<T> found = probe.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (nanoClock.getAsLong() - start >= limit.toNanos()) {
                throw new TimeoutException(what + " did not happen, waitedMillis=" + limit.toMillis());
            }
            pause.of(POLL);
        }
    }

    /// Waits until the condition holds.
    public void untilTrue(String what, Duration limit, BooleanSupplier condition)
            throws TimeoutException, InterruptedException {
        until(what, limit, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
    }
}
