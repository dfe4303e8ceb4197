package io.holdfast.hostio.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waiting for a condition, with a deadline.
public final class Await {
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(2);

    private Await() {}

    /// Returns as soon as the condition holds; fails if it does not within half a minute.
    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain: for=" + what);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
