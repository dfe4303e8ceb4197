package io.holdfast.gridstate.hazelcast.security;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What handshakes need besides the I/O threads: a timer, threads for certificate work, and a bound on how
/// many strangers may be shaking hands at once. Concurrent.
final class HandshakeCrew implements AutoCloseable {
    /// Incoming connections that have not yet proved who they are; more are turned away at once.
    static final int INCOMING_MAX = 64;

    private final Semaphore permits = new Semaphore(INCOMING_MAX);
    private final ScheduledThreadPoolExecutor timer;

    HandshakeCrew(String name) {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("grid-admission-" + name).factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    boolean tryAcquirePermit() {
        return permits.tryAcquire();
    }

    void releasePermit() {
        permits.release();
    }

    /// Bounded by the permits (incoming) and by the number of members (outgoing).
    void run(Runnable certificateWork) {
        Thread.ofVirtual().name("grid-handshake").start(certificateWork);
    }

    /// Whether the action will be run; it will not if the grid is closing.
    boolean after(long delay, TimeUnit unit, Runnable action) {
        try {
            Future<?> _ = timer.schedule(action, delay, unit);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    void every(long period, TimeUnit unit, Runnable action) {
        Future<?> _ = timer.scheduleWithFixedDelay(action, period, period, unit);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
