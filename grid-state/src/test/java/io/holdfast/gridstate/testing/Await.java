package io.holdfast.gridstate.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for conditions, with a deadline.
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 5_000_000;

    private Await() {}

    /// Fails the test if the condition does not come true within 30 seconds.
    public static void until(String what, BooleanSupplier condition) {
        until(what, DEADLINE, condition);
    }

    public static void until(String what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen in time: what=" + what + " deadline=" + deadline);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
