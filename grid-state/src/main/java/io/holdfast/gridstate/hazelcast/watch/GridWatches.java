package io.holdfast.gridstate.hazelcast.watch;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The watches of one node, and what wakes them. Concurrent.
public final class GridWatches implements AutoCloseable {
    /// Watches open at once; more are refused.
    public static final int WATCHES_MAX = 1_024;

    private final ReplicatedLog log;
    private final LongSupplier nanoClock;
    private final Semaphore permits = new Semaphore(WATCHES_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition applied = lock.newCondition();
    private long newestIndex;
    private boolean closed;

    public GridWatches(ReplicatedLog log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.newestIndex = log.store().appliedIndex().value();
    }

    /// The entry was applied here: whoever waits looks again. Cheap enough for the apply thread.
    public void onApplied(LogIndex index) {
        lock.lock();
        try {
            newestIndex = Math.max(newestIndex, index.value());
            applied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Watches from behind a position on.
    ///
    /// @param catalogs the names of the catalogs of interest; empty for all
    /// @throws GridUnavailableException if too many watches are open
    public GridWatch open(ChangePosition after, Set<String> catalogs) {
        if (!permits.tryAcquire()) {
            throw new GridUnavailableException("too many watches are open: max=" + WATCHES_MAX);
        }
        return new GridWatch(this, after, Set.copyOf(catalogs));
    }

    /// Watches open now.
    public int openCount() {
        return WATCHES_MAX - permits.availablePermits();
    }

    /// Lets every waiting watch return.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            applied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    ReplicatedLog log() {
        return log;
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    void release() {
        permits.release();
    }

    /// Waits until an entry after the index was applied, at most so long; false if there will be none.
    boolean awaitAfter(long index, long nanosMax) throws InterruptedException {
        lock.lock();
        try {
            long left = nanosMax;
            while (!closed && newestIndex <= index && left > 0) {
                left = applied.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
