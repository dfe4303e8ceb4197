package io.holdfast.node.blob;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/// What time it is, and how to let some pass.
interface Waiting {
    /// By which leases are judged.
    InstantSource clock();

    long nanoTime();

    /// May end early.
    void pause(Duration length);

    /// The machine's own time.
    static Waiting real(InstantSource clock) {
        return new Waiting() {
            @Override
            public InstantSource clock() {
                return clock;
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration length) {
                LockSupport.parkNanos(length.toNanos());
            }
        };
    }
}
