package io.holdfast.node.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for conditions, with a deadline.
public final class Await {
    private static final long DEADLINE_NANOS = 10_000_000_000L;
    private static final long STEP_NANOS = 2_000_000L;

    private Await() {}

    /// Returns once the condition holds; fails after ten seconds.
    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
