package io.holdfast.node.volume;

import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.FencedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A family's lease as whoever answers for the family relies on it: held from before it was asked for until
/// some time before others may take it. Between that end and the next grant requests wait here, for a while;
/// once it is lost they fail, for good.
///
/// Concurrent. A request that finds the lease held costs two looks at a clock and takes no lock; what waits
/// is guarded by one.
final class ServingLease {
    /// How long others wait for a family whose node died; several renewals and an election fit in.
    static final Duration TIME = Duration.ofSeconds(10);

    /// By how much the clocks of two nodes may disagree of which one stamped a grant as the leader and the
    /// other one, as the next leader, lets the lease run out. Beyond that reads may be old, never what is
    /// stored.
    static final Duration MARGIN = Duration.ofMillis(1_500);

    /// Longer than an election and a few nodes' restarts take; then the client is told.
    static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(ServingLease.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final StreamId stream;
    private final LeaseClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long endNanos;
    private volatile long endMillis;
    private @Nullable String lostReason; // guarded by lock
    private boolean isWaitedFor; // guarded by lock

    /// @param asked when it was asked for
    ServingLease(StreamId stream, LeaseClock clock, LeaseClock.Moment asked) {
        this.stream = stream;
        this.clock = clock;
        this.endNanos = asked.nanos() + rest().toNanos();
        this.endMillis = asked.millis() + rest().toMillis();
    }

    private static Duration rest() {
        return TIME.minus(MARGIN);
    }

    /// Whether it is held for sure.
    boolean isHeld() {
        return clock.nanos().getAsLong() - endNanos < 0 && clock.millis().getAsLong() - endMillis < 0;
    }

    /// It was granted once more. Answers may come in another order than they were asked for.
    ///
    /// @param asked when that was asked for
    void extended(LeaseClock.Moment asked) {
        lock.lock();
        try {
            if (lostReason != null || asked.nanos() + rest().toNanos() - endNanos < 0) {
                return;
            }
            endMillis = asked.millis() + rest().toMillis();
            endNanos = asked.nanos() + rest().toNanos();
            if (isWaitedFor && isHeld()) {
                isWaitedFor = false;
                LOG.info("volumes: the lease is held again, requests go on: family={}", stream);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is answered under it any more.
    void lost(String reason) {
        lock.lock();
        try {
            if (lostReason == null) {
                lostReason = reason;
                endNanos = clock.nanos().getAsLong();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Returns while it is held; waits if that is not known.
    ///
    /// @throws FencedException if it is lost
    /// @throws DeviceIoException if it was waited for too long
    void require() {
        if (!isHeld()) {
            await();
        }
    }

    private void await() {
        long sinceNanos = clock.nanos().getAsLong();
        lock.lock();
        try {
            while (lostReason == null && !isHeld()) {
                if (clock.nanos().getAsLong() - sinceNanos >= WAIT_MAX.toNanos()) {
                    throw new DeviceIoException("the lease could not be renewed: family=" + stream
                            + " waitedSeconds=" + WAIT_MAX.toSeconds());
                }
                if (!isWaitedFor) {
                    isWaitedFor = true;
                    LOG.warn("volumes: requests wait, for the lease is not known to be held: family={}",
                            stream);
                }
                long _ = changed.awaitNanos(LOOK_AGAIN_NANOS);
            }
            if (lostReason != null) {
                throw new FencedException("the volume is no longer served here: family=" + stream
                        + " reason=" + lostReason);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DeviceIoException("interrupted while waiting for a lease", stopped);
        } finally {
            lock.unlock();
        }
    }
}
