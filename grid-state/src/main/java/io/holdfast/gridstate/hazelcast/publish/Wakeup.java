package io.holdfast.gridstate.hazelcast.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread wait until others say that there is something to do. Concurrent.
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean pending;

    void signal() {
        lock.lock();
        try {
            pending = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Returns at once if there was a signal since the last call, else with the next one or after the time.
    void await(long timeoutMillis) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!pending && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            pending = false;
        } finally {
            lock.unlock();
        }
    }
}
