package io.holdfast.node.volume;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.volume.VolumeStore;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A family that is open for writing here. Concurrent. Users hold it open from [#enter()] to [#leave()].
final class OpenFamily {
    private static final int RENEWALS_MAX = 4;
    private static final int NAMINGS_MAX = 1 << 20;

    private final StreamId stream;
    private final FencingToken token;
    private final VolumeStore store;
    private final ServingLease lease;
    private final AtomicInteger users = new AtomicInteger();
    private volatile FencingToken leaseToken;
    private volatile long usedNanos = System.nanoTime();
    private volatile long lingerNanos;
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    /// Taken by whoever keeps a version and has not named it yet; all at once by who drops those without.
    private final Semaphore namings = new Semaphore(NAMINGS_MAX);

    /// @param token under which the store writes; later grants of the lease have later ones
    OpenFamily(StreamId stream, FencingToken token, VolumeStore store, ServingLease lease) {
        this.stream = stream;
        this.token = token;
        this.store = store;
        this.lease = lease;
        this.leaseToken = token;
    }

    StreamId stream() {
        return stream;
    }

    FencingToken token() {
        return token;
    }

    FencingToken leaseToken() {
        return leaseToken;
    }

    void leaseGranted(FencingToken newer) {
        leaseToken = newer;
    }

    /// As whoever answers for the family relies on it.
    ServingLease lease() {
        return lease;
    }

    /// Whether the caller is to renew the lease: not too many are at it. One may be stuck at a leader that
    /// stands still while the next already reaches its successor.
    boolean beginRenewal() {
        return renewals.getAndUpdate(count -> Math.min(count + 1, RENEWALS_MAX)) < RENEWALS_MAX;
    }

    void endRenewal() {
        renewals.decrementAndGet();
    }

    VolumeStore store() {
        return store;
    }

    /// Takes part, unless it is being closed; under the family's lock.
    boolean enter() {
        if (closing.get()) {
            return false;
        }
        users.incrementAndGet();
        return true;
    }

    void leave() {
        usedNanos = System.nanoTime();
        users.decrementAndGet();
    }

    /// Ends work that is no reason to stay open.
    void leaveUnnoticed() {
        users.decrementAndGet();
    }

    /// Before a version is kept that is to be named: until [#endNaming()] none without a name is dropped.
    void beginNaming() {
        namings.acquireUninterruptibly();
    }

    /// The version has a name, or is given up. Not to be called if that is not known: it may still come to
    /// have one, until the family is opened under a newer token.
    void endNaming() {
        namings.release();
    }

    /// Does something while no version is kept that is still to be named.
    ///
    /// @return whether it was done
    boolean whileNothingIsNamed(Runnable work) {
        if (!namings.tryAcquire(NAMINGS_MAX)) {
            return false;
        }
        try {
            work.run();
            return true;
        } finally {
            namings.release(NAMINGS_MAX);
        }
    }

    boolean isUsed() {
        return users.get() > 0;
    }

    int users() {
        return users.get();
    }

    long usedNanos() {
        return usedNanos;
    }

    /// How long it stays open when nobody uses it, if that is longer than usual.
    long lingerNanos() {
        return lingerNanos;
    }

    void linger(Duration idleMax) {
        lingerNanos = idleMax.toNanos();
    }

    /// Nobody may enter any more, and who did gets no answers.
    ///
    /// @return whether the caller is the one who closes it
    boolean beginClosing(String reason) {
        lease.lost(reason);
        return closing.compareAndSet(false, true);
    }
}
