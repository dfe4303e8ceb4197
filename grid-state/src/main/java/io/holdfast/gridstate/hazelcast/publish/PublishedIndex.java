package io.holdfast.gridstate.hazelcast.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How far a publisher has come, for whoever waits for it. Concurrent.
final class PublishedIndex {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private long index;

    void advanced(long to) {
        lock.lock();
        try {
            index = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean await(long wanted, long timeoutMillis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (index < wanted && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return index >= wanted;
        } finally {
            lock.unlock();
        }
    }
}
