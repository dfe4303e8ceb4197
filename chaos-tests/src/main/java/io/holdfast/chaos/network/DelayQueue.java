package io.holdfast.chaos.network;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Frames on their way, delivered when their time has come. Guarded by a lock; delivered by the thread that
/// runs it.
final class DelayQueue {
    /// Bounds memory: at 1,500 bytes a frame about 100 MB. More frames are lost, as in a full router.
    private static final int FRAME_COUNT_MAX = 65_536;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Frame> frames = new PriorityQueue<>();
    private final SwitchWire.Delivery delivery;
    private long nextNumber;
    private boolean isClosed;

    DelayQueue(SwitchWire.Delivery delivery) {
        this.delivery = delivery;
    }

    void add(int to, byte[] bytes, long dueNanos) {
        lock.lock();
        try {
            if (frames.size() < FRAME_COUNT_MAX) {
                frames.add(new Frame(dueNanos, nextNumber++, to, bytes));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Delivers until closed.
    void run() {
        try {
            while (true) {
                Frame due = next();
                if (due == null) {
                    return;
                }
                delivery.deliver(due.to(), due.bytes(), due.bytes().length);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Frame next() throws InterruptedException {
        lock.lock();
        try {
            while (!isClosed) {
                Frame first = frames.peek();
                if (first == null) {
                    changed.await();
                } else {
                    long waitNanos = first.dueNanos() - System.nanoTime();
                    if (waitNanos <= 0) {
                        return frames.poll();
                    }
                    changed.awaitNanos(waitNanos);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by time and number alone
    private record Frame(long dueNanos, long number, int to, byte[] bytes) implements Comparable<Frame> {
        @Override
        public int compareTo(Frame other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }
}
