package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.PayloadPool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The requests of one connection that are being carried out, and their bounds. Concurrent.
///
/// The reading thread holds the step lock except while it waits for the next request; so who holds that lock
/// and all permits knows that every request has its reply.
final class InFlight {
    /// What all connections of a server need for such buffers: one each to receive, to send, and to gather.
    static PayloadPool connectionBuffers(int connectionCountMax) {
        long bytesEach = PayloadPool.HEADROOM_BYTES + CONNECTION_BUFFER_BYTES;
        // Twice as many, since a connection is counted out a moment before its threads are done.
        return new PayloadPool(2L * 3 * bytesEach * connectionCountMax, CONNECTION_BUFFER_BYTES);
    }

    /// A request on a thread of its own.
    record Task(Operation operation, ByteBuffer buffer, Pace.Kind kind, Pace pace, ReplySender sender) {}

    // Large enough for 60 writes of 4 KiB in one read; more showed no gain.
    private static final int CONNECTION_BUFFER_BYTES = 256 << 10;

    private final int countMax;
    private final long byteCountMax;
    private final PayloadPool pool;
    private final PayloadPool connectionBuffers;
    private final Executor executor;
    private final NbdCounters counters;
    private final Semaphore permits;
    private final AtomicLong byteCount = new AtomicLong();
    private final ReentrantLock step = new ReentrantLock();
    private volatile boolean draining;

    InFlight(
            NbdLimits limits,
            PayloadPool pool,
            PayloadPool connectionBuffers,
            Executor executor,
            NbdCounters counters) {
        this.countMax = limits.requestCountMaxPerConnection();
        this.byteCountMax = limits.byteCountMaxPerConnection();
        this.pool = pool;
        this.connectionBuffers = connectionBuffers;
        this.executor = executor;
        this.counters = counters;
        this.permits = new Semaphore(countMax);
    }

    NbdCounters counters() {
        return counters;
    }

    boolean isEmpty() {
        return permits.availablePermits() == countMax;
    }

    boolean isFull() {
        return permits.availablePermits() == 0;
    }

    boolean isDraining() {
        return draining;
    }

    void beginStep() {
        step.lock();
    }

    void endStep() {
        step.unlock();
    }

    /// One of the buffers that a connection keeps to its end, cleared.
    ByteBuffer takeConnectionBuffer() {
        return connectionBuffers.tryTake(CONNECTION_BUFFER_BYTES).orElseThrow().clear();
    }

    void giveBackConnectionBuffer(ByteBuffer buffer) {
        connectionBuffers.giveBack(buffer, CONNECTION_BUFFER_BYTES);
    }

    /// A pooled buffer, if the budgets of the connection and of the server allow it.
    Optional<ByteBuffer> tryTake(int bytes) {
        if (byteCount.addAndGet(bytes) > byteCountMax) {
            byteCount.addAndGet(-bytes);
            return Optional.empty();
        }
        Optional<ByteBuffer> buffer = pool.tryTake(bytes);
        if (buffer.isEmpty()) {
            byteCount.addAndGet(-bytes);
        }
        return buffer;
    }

    void giveBack(ByteBuffer buffer, int bytes) {
        pool.giveBack(buffer, bytes);
        byteCount.addAndGet(-bytes);
    }

    /// Carries it out on a thread of its own, after waiting until fewer than the most allowed are. False if
    /// no thread takes it.
    boolean start(Task task) {
        permits.acquireUninterruptibly();
        try {
            executor.execute(() -> run(task));
            counters.requestsOnOwnThread.increment();
            return true;
        } catch (RejectedExecutionException _) {
            permits.release();
            return false;
        }
    }

    private void run(Task task) {
        Operation operation = task.operation();
        ByteBuffer reply = operation.replyIn(task.buffer());
        int replyAt = reply.position();
        long began = System.nanoTime();
        operation.execute(task.buffer(), reply);
        task.pace().measured(task.kind(), System.nanoTime() - began);
        if (operation.hasFailed()) {
            counters.requestsFailed.increment();
        }
        reply.limit(reply.position()).position(replyAt);
        task.sender().queue(new ReplySender.Finished(reply, () -> {
            giveBack(task.buffer(), operation.bufferBytes());
            permits.release();
        }));
    }

    /// Waits until nothing is carried out any more. For the reading thread, at its end.
    void awaitEmpty() {
        permits.acquireUninterruptibly(countMax);
        permits.release(countMax);
    }

    /// From now on requests are refused. Waits until those before have their replies, at most so long; then
    /// runs the action, during which no request begins.
    void drain(Duration most, Runnable action) {
        draining = true;
        long deadline = System.nanoTime() + most.toNanos();
        boolean stepHeld = false;
        boolean permitsHeld = false;
        try {
            stepHeld = step.tryLock(most.toNanos(), TimeUnit.NANOSECONDS);
            permitsHeld = stepHeld
                    && permits.tryAcquire(countMax, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            action.run();
        } finally {
            if (permitsHeld) {
                permits.release(countMax);
            }
            if (stepHeld) {
                step.unlock();
            }
        }
    }
}
