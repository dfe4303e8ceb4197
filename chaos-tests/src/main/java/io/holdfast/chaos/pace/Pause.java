package io.holdfast.chaos.pace;

import java.time.Duration;

/// A wait of a given length. A simulation supplies one that only moves its clock.
@FunctionalInterface
public interface Pause {
    /// Sleeps for real.
    Pause REAL = duration -> Thread.sleep(duration);

    void of(Duration duration) throws InterruptedException;
}
