package io.holdfast.node.peerlink;

import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.vertx.core.Context;
import io.vertx.core.net.NetSocket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The link to one other node: queues what callers submit, connects when there is something to
/// send, and backs off when that fails. Confined to its event loop, but for the bounded queue and
/// its counters, through which any thread submits.
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final long TICK_MILLIS = 500;
    private static final long BACKOFF_MILLIS_MIN = 50;
    private static final long BACKOFF_MILLIS_MAX = 2_000;
    private static final long IDLE_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

    private final PeerId peer;
    private final PeerLinks owner;
    private final Context context;
    private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outstandingCount = new AtomicInteger();
    private final AtomicLong outstandingBytes = new AtomicLong();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private volatile State state = new State.Idle(Instant.now(), "never used");
    private int failures;
    private int attempt;
    private long lastUsedNanos = System.nanoTime();
    private long tickTimer = -1;

    /// What the link does at the moment.
    private sealed interface State {
        Instant since();

        String reason();

        record Idle(Instant since, String reason) implements State {}

        record Connecting(Instant since, String reason) implements State {}

        record Greeting(Instant since, String reason, PeerConnection connection) implements State {}

        record Up(Instant since, String reason, PeerConnection connection) implements State {}

        record BackingOff(Instant since, String reason, long untilNanos) implements State {}

        record Closed(Instant since, String reason) implements State {}
    }

    PeerLink(PeerId peer, PeerLinks owner) {
        this.peer = peer;
        this.owner = owner;
        this.context = owner.vertx().getOrCreateContext();
    }

    /// Takes a request in or fails it; any thread.
    void submit(Pending request) {
        PeerLimits limits = owner.limits();
        int count = outstandingCount.incrementAndGet();
        long bytes = outstandingBytes.addAndGet(request.bytes());
        if (count > limits.outstandingCountMax() || bytes > limits.outstandingBytesMax()) {
            end(
                    request,
                    new UnavailableException(
                            "too much waits for a peer: peer="
                                    + peer
                                    + " requests="
                                    + count
                                    + " bytes="
                                    + bytes));
            return;
        }
        queue.add(request);
        scheduleDrain();
    }

    PeerLinkStatus status() {
        State now = state;
        long roundTrip = now instanceof State.Up up ? up.connection().roundTripNanos() : 0;
        PeerLinkStatus.State shown =
                switch (now) {
                    case State.Idle _, State.Closed _ -> PeerLinkStatus.State.IDLE;
                    case State.Connecting _, State.Greeting _ -> PeerLinkStatus.State.CONNECTING;
                    case State.Up _ -> PeerLinkStatus.State.UP;
                    case State.BackingOff _ -> PeerLinkStatus.State.BACKING_OFF;
                };
        return new PeerLinkStatus(
                peer, shown, now.since(), now.reason(), outstandingCount.get(), roundTrip);
    }

    /// Ends everything; any thread.
    void close(String reason) {
        context.runOnContext(
                _ -> {
                    State before = state;
                    transitionTo(new State.Closed(Instant.now(), reason));
                    closeConnection(before);
                    stopTicking();
                    failQueued(reason);
                });
    }

    PeerId peer() {
        return peer;
    }

    PeerLinks owner() {
        return owner;
    }

    /// The next request to send, or null.
    @Nullable Pending next() {
        return queue.poll();
    }

    /// Counts a request out and completes it with a failure.
    void end(Pending request, Throwable failure) {
        release(request);
        request.fail(failure);
    }

    /// Counts a request out that has been answered.
    void release(Pending request) {
        outstandingCount.decrementAndGet();
        outstandingBytes.addAndGet(-request.bytes());
    }

    void onGreeted(PeerConnection connection) {
        failures = 0;
        transitionTo(new State.Up(Instant.now(), "greeted", connection));
        drain();
    }

    /// The connection is gone; what was sent over it may have happened.
    void onClosed(PeerConnection connection, String reason) {
        connection.failSent(
                request ->
                        end(
                                request,
                                new OutcomeUnknownException(
                                        "the connection to a peer broke: peer="
                                                + peer
                                                + " reason="
                                                + reason)));
        boolean isCurrent =
                switch (state) {
                    case State.Up up -> up.connection() == connection;
                    case State.Greeting greeting -> greeting.connection() == connection;
                    case State.Idle _, State.Connecting _, State.BackingOff _, State.Closed _ -> false;
                };
        if (isCurrent) {
            backOff(reason);
        }
    }

    void scheduleDrain() {
        if (drainScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> drain());
        }
    }

    private void drain() {
        drainScheduled.set(false);
        lastUsedNanos = System.nanoTime();
        switch (state) {
            case State.Idle _ -> connect();
            case State.Connecting _, State.Greeting _ -> {
                // They drain when they are through.
            }
            case State.Up up -> up.connection().sendQueued();
            case State.BackingOff pause -> {
                if (pause.untilNanos() - System.nanoTime() <= 0) {
                    connect();
                } else {
                    failQueued(pause.reason());
                }
            }
            case State.Closed closed -> failQueued(closed.reason());
        }
    }

    private void connect() {
        startTicking();
        transitionTo(new State.Connecting(Instant.now(), "needed"));
        attempt++;
        int thisAttempt = attempt;
        Optional<PeerAddress> address = owner.address(peer);
        if (address.isEmpty()) {
            backOff("no address is known");
            return;
        }
        owner.client()
                .connect(address.get().port(), address.get().host())
                .onComplete(
                        result ->
                                context.runOnContext(
                                        _ -> {
                                            if (thisAttempt != attempt
                                                    || !(state instanceof State.Connecting)) {
                                                if (result.succeeded()) {
                                                    result.result().close();
                                                }
                                            } else if (result.succeeded()) {
                                                onConnected(result.result());
                                            } else {
                                                backOff(
                                                        "cannot connect: "
                                                                + result.cause().getMessage());
                                            }
                                        }));
    }

    private void onConnected(NetSocket socket) {
        PeerConnection connection = new PeerConnection(this, socket);
        transitionTo(new State.Greeting(Instant.now(), "connected", connection));
        connection.open();
    }

    private void backOff(String reason) {
        failures++;
        long pauseMillis =
                Math.min(BACKOFF_MILLIS_MAX, BACKOFF_MILLIS_MIN << Math.min(failures, 6));
        // Spread by the peer's name, so that nodes do not come back all at once.
        long spreadMillis =
                Math.floorMod(peer.hashCode() + failures * 31, (int) pauseMillis / 2 + 1);
        long untilNanos =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis / 2 + spreadMillis);
        transitionTo(new State.BackingOff(Instant.now(), reason, untilNanos));
        failQueued(reason);
    }

    private void failQueued(String reason) {
        Pending request = queue.poll();
        while (request != null) {
            end(
                    request,
                    new UnavailableException(
                            "a peer is not reached: peer=" + peer + " reason=" + reason));
            request = queue.poll();
        }
    }

    private void tick() {
        long now = System.nanoTime();
        queue.removeIf(
                request -> {
                    boolean late = request.deadlineNanos() - now <= 0;
                    if (late) {
                        end(request, new UnavailableException("not sent in time: peer=" + peer));
                    }
                    return late;
                });
        switch (state) {
            case State.Up up -> {
                if (outstandingCount.get() == 0 && now - lastUsedNanos > IDLE_NANOS_MAX) {
                    goIdle(up);
                } else {
                    up.connection().tick(now);
                }
            }
            case State.Greeting greeting -> greeting.connection().tick(now);
            case State.BackingOff pause -> {
                if (pause.untilNanos() - now <= 0) {
                    transitionTo(new State.Idle(Instant.now(), pause.reason()));
                    stopTicking();
                }
            }
            case State.Idle _, State.Connecting _, State.Closed _ -> {
                // Nothing to watch over: connecting has a timeout of its own.
            }
        }
    }

    private void goIdle(State.Up up) {
        transitionTo(new State.Idle(Instant.now(), "not used"));
        up.connection().close("not used");
        stopTicking();
    }

    private void startTicking() {
        if (tickTimer < 0) {
            tickTimer =
                    owner.vertx().setPeriodic(TICK_MILLIS, _ -> context.runOnContext(_ -> tick()));
        }
    }

    private void stopTicking() {
        if (tickTimer >= 0) {
            owner.vertx().cancelTimer(tickTimer);
            tickTimer = -1;
        }
    }

    private static void closeConnection(State before) {
        switch (before) {
            case State.Greeting greeting -> greeting.connection().close("closed");
            case State.Up up -> up.connection().close("closed");
            case State.Idle _, State.Connecting _, State.BackingOff _, State.Closed _ -> {
                // No connection.
            }
        }
    }

    private void transitionTo(State next) {
        State before = state;
        if (before instanceof State.Closed) {
            return;
        }
        state = next;
        LOG.debug(
                "peer link: from={} to={} reason={} peer={}",
                before.getClass().getSimpleName(),
                next.getClass().getSimpleName(),
                next.reason(),
                peer);
    }
}
