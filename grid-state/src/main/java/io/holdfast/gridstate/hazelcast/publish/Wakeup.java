package io.holdfast.gridstate.hazelcast.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread wait until others say that there is something to do. Concurrent.
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private boolean pending;
    private boolean isOver;

    void signal() {
        lock.lock();
        try {
            pending = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// There is nothing to do any more: ends all waiting, now and later.
    void end() {
        lock.lock();
        try {
            isOver = true;
            changed.signal();
            ended.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Lets the time pass, whatever is signalled meanwhile; signals are kept for later.
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = nanos;
            while (!isOver && leftNanos > 0) {
                leftNanos = ended.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Returns at once if there was a signal since the last call, else with the next one or after the time.
    void await(long timeoutMillis) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!pending && !isOver && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            pending = false;
        } finally {
            lock.unlock();
        }
    }
}
