package io.holdfast.node.volume;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.volume.VolumeStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A family that is open for writing here. Concurrent. Users hold it open from [#enter()] to [#leave()].
final class OpenFamily {
    private final StreamId stream;
    private final FencingToken token;
    private final VolumeStore store;
    private final ServingLease lease;
    private final AtomicInteger users = new AtomicInteger();
    private volatile FencingToken leaseToken;
    private volatile long usedNanos = System.nanoTime();
    private volatile long lingerNanos;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile boolean closing;

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

    /// Whether the caller is to renew the lease: nobody else is at it.
    boolean beginRenewal() {
        return renewing.compareAndSet(false, true);
    }

    void endRenewal() {
        renewing.set(false);
    }

    VolumeStore store() {
        return store;
    }

    /// Takes part, unless it is being closed; under the family's lock.
    boolean enter() {
        if (closing) {
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
    void beginClosing(String reason) {
        closing = true;
        lease.lost(reason);
    }
}
