package io.holdfast.node;

import java.time.Instant;
import java.time.InstantSource;

/// When a counter was last seen to change. Concurrent: observed by one thread, read by any.
final class LastChange {
    private final InstantSource clock;
    private long seen;
    private volatile Instant at;

    LastChange(InstantSource clock) {
        this.clock = clock;
        this.at = clock.instant();
    }

    void observe(long counter) {
        if (counter != seen) {
            seen = counter;
            at = clock.instant();
        }
    }

    Instant at() {
        return at;
    }
}
