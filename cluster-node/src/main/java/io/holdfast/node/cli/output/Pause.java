package io.holdfast.node.cli.output;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The one place where the command line waits for time to pass.
public final class Pause {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Pause() {}

    public static void of(Duration duration) throws InterruptedException {
        if (NEVER.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts this latch down");
        }
    }

    /// Asks again and again until the answer is yes; false if it still is not at the deadline.
    public static boolean until(BooleanSupplier condition, Duration between, Duration deadline)
            throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            of(between);
        }
        return true;
    }
}
