package io.holdfast.hostio.chunkstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Changes that wait for the committer, bounded in number and bytes. Concurrent: one lock.
final class Inbox {
    static final int OPERATIONS_MAX = 8_192;
    static final long BYTES_MAX = 128L << 20;
    /// What one commit takes at most, so that nobody waits for a long one.
    private static final long COMMIT_BYTES_MAX = 16L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<StoreOperation> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean closed;
    private boolean isWoken;

    /// Returns false if there is no room or the inbox is closed.
    boolean offer(StoreOperation operation) {
        lock.lock();
        try {
            boolean full = waiting.size() >= OPERATIONS_MAX || waitingBytes + operation.bytes() > BYTES_MAX;
            if (closed || (full && !waiting.isEmpty())) {
                return false;
            }
            waiting.add(operation);
            waitingBytes += operation.bytes();
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes what is there, up to one commit's worth, without waiting.
    List<StoreOperation> drain() {
        lock.lock();
        try {
            List<StoreOperation> taken = new ArrayList<>(waiting.size());
            long bytes = 0;
            while (!waiting.isEmpty() && bytes < COMMIT_BYTES_MAX) {
                StoreOperation operation = waiting.remove();
                bytes += operation.bytes();
                taken.add(operation);
            }
            waitingBytes -= bytes;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for work or [#wake()]; returns false once the inbox is closed and empty.
    boolean await() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed && !isWoken) {
                arrived.awaitUninterruptibly();
            }
            boolean hasWork = !waiting.isEmpty() || isWoken;
            isWoken = false;
            return hasWork;
        } finally {
            lock.unlock();
        }
    }

    /// Lets whoever waits look again, though nothing came.
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more; what waits is still handed out.
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
