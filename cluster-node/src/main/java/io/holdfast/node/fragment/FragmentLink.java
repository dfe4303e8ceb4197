package io.holdfast.node.fragment;

import io.holdfast.node.fragment.FragmentLinkStatus.State;
import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FragmentWireException;
import io.holdfast.node.identity.IdentityException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link to another node's disks: queues what callers submit, connects when there is something to send,
/// and backs off when that fails. One thread connects and sends; it begins with the first request and ends
/// when the link is idle. Concurrent: the queue and its counters are any thread's, the state is guarded by
/// the link.
final class FragmentLink {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentLink.class);

    /// A silent peer is asked whether it is there this often.
    private static final Duration PING_INTERVAL = Duration.ofMillis(250);

    private final int host;
    private final FragmentServer.Tls tls;
    private final FragmentLimits limits;
    private final Supplier<Optional<FragmentPeer>> peer;
    private final LinkCounters counters;
    private final BlockingQueue<PendingRequest> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger requestCount = new AtomicInteger();
    private final AtomicLong requestBytes = new AtomicLong();
    private volatile Seen seen = new Seen(State.IDLE, Instant.now(), "never used");
    private volatile @Nullable FragmentConnection connection;
    private volatile long retryNanos;
    private int failures; // guarded by this
    private boolean isRunning; // guarded by this

    /// The state and how it came about.
    private record Seen(State state, Instant since, String reason) {}

    FragmentLink(
            int host,
            FragmentServer.Tls tls,
            FragmentLimits limits,
            Supplier<Optional<FragmentPeer>> peer,
            LinkCounters counters) {
        this.host = host;
        this.tls = tls;
        this.limits = limits;
        this.peer = peer;
        this.counters = counters;
    }

    /// Takes a request in or fails it.
    CompletableFuture<FragmentAnswer> submit(int disk, FragmentRequest request) {
        PendingRequest pending =
                PendingRequest.of(disk, request, System.nanoTime(), limits.times().request().toNanos());
        State now = seen.state();
        if (now == State.CLOSED || (now == State.BACKING_OFF && System.nanoTime() - retryNanos < 0)) {
            pending.fail("the node is not reached: host=" + host + " reason=" + seen.reason());
            return pending.answer();
        }
        int count = requestCount.incrementAndGet();
        long bytes = requestBytes.addAndGet(pending.bytes());
        if (count > limits.requestCountMax() || bytes > limits.requestBytesMax()) {
            settle(pending);
            pending.fail("too much waits for the node: host=" + host + " requests=" + count + " bytes="
                    + bytes);
            return pending.answer();
        }
        queue.add(pending);
        ensureRunning();
        return pending.answer();
    }

    FragmentLinkStatus status() {
        Seen now = seen;
        return new FragmentLinkStatus(host, now.state(), now.since(), now.reason(), requestCount.get());
    }

    /// Watches over deadlines, the peer's silence and its admission; called every 100 ms or so.
    void tick(long nowNanos) {
        FragmentConnection current = connection;
        if (current != null) {
            current.expire(nowNanos);
            Optional<String> refusal = current.refusal();
            if (refusal.isPresent()) {
                current.close("refused: " + refusal.get());
            } else if (seen.state() == State.CONNECTING
                    ? nowNanos - current.heardNanos() > 2 * limits.times().connect().toNanos()
                    : current.isWaiting()
                            && nowNanos - current.heardNanos() > limits.times().silence().toNanos()) {
                current.close("silent");
            }
        }
    }

    void close(String reason) {
        transitionTo(State.CLOSED, reason);
        FragmentConnection current = connection;
        if (current != null) {
            current.close(reason);
        }
        failQueued(reason);
    }

    private void settle(PendingRequest request) {
        requestCount.decrementAndGet();
        requestBytes.addAndGet(-request.bytes());
        counters.settled(request);
    }

    private synchronized void ensureRunning() {
        if (!isRunning && seen.state() != State.CLOSED) {
            isRunning = true;
            Thread.ofPlatform().name("fragment-to-" + host).daemon().start(this::run);
        } else if (seen.state() == State.CLOSED) {
            failQueued(seen.reason());
        }
    }

    /// The outermost frame of the link's thread.
    private void run() {
        long usedNanos = System.nanoTime();
        try {
            while (seen.state() != State.CLOSED) {
                PendingRequest next = queue.poll(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                usedNanos = next == null ? usedNanos : System.nanoTime();
                boolean isIdle = System.nanoTime() - usedNanos > limits.times().idle().toNanos();
                if (isIdle && endIfUnused()) {
                    return;
                }
                work(next);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            close("interrupted");
        }
    }

    private synchronized boolean endIfUnused() {
        FragmentConnection current = connection;
        if (!queue.isEmpty() || (current != null && current.isWaiting())) {
            return false;
        }
        isRunning = false;
        connection = null;
        if (current != null) {
            current.close("not used");
        }
        transitionTo(State.IDLE, "not used");
        return true;
    }

    private void work(@Nullable PendingRequest first) {
        FragmentConnection current = connection;
        if (current != null && current.isClosed()) {
            connection = null;
            backOff(current.closeReason());
            current = null;
        }
        try {
            if (first == null) {
                pingIfSilent(current);
            } else if (current == null) {
                connectAndSend(first);
            } else {
                send(current, first);
            }
        } catch (IOException failure) {
            if (current != null) {
                current.close(String.valueOf(failure.getMessage()));
            }
        }
    }

    private static void pingIfSilent(@Nullable FragmentConnection current) throws IOException {
        boolean isSilent = current != null
                && current.isWaiting()
                && System.nanoTime() - current.heardNanos() > PING_INTERVAL.toNanos();
        if (isSilent && current != null) {
            current.ping();
        }
    }

    private void connectAndSend(PendingRequest first) throws IOException {
        if (System.nanoTime() - retryNanos < 0 && seen.state() == State.BACKING_OFF) {
            giveUp(first, seen.reason());
            failQueued(seen.reason());
            return;
        }
        Optional<FragmentConnection> opened = connect();
        if (opened.isPresent()) {
            send(opened.get(), first);
        } else {
            giveUp(first, seen.reason());
            failQueued(seen.reason());
        }
    }

    private Optional<FragmentConnection> connect() {
        Optional<FragmentPeer> target = peer.get();
        if (target.isEmpty()) {
            backOff("no address is known");
            return Optional.empty();
        }
        transitionTo(State.CONNECTING, "needed");
        try {
            FragmentConnection opening = new FragmentConnection(SocketChannel.open(), tls, this::settle);
            connection = opening;
            opening.open(target.get(), limits.times());
            synchronized (this) {
                failures = 0;
            }
            transitionTo(State.UP, "greeted");
            return Optional.of(opening);
        } catch (IOException | FragmentWireException | IdentityException failure) {
            connection = null;
            backOff("cannot connect: " + failure.getMessage());
            return Optional.empty();
        }
    }

    private void send(FragmentConnection current, PendingRequest first) throws IOException {
        PendingRequest next = first;
        while (next != null) {
            current.send(next);
            next = current.isFull() ? null : queue.poll();
        }
        current.flush();
    }

    private synchronized void backOff(String reason) {
        failures++;
        long millis = Math.min(
                limits.times().backOffMax().toMillis(),
                limits.times().backOffMin().toMillis() << Math.min(failures - 1, 10));
        retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        transitionTo(State.BACKING_OFF, reason);
        failQueued(reason);
    }

    private void failQueued(String reason) {
        PendingRequest next = queue.poll();
        while (next != null) {
            giveUp(next, reason);
            next = queue.poll();
        }
    }

    private void giveUp(PendingRequest request, String reason) {
        settle(request);
        request.fail("the node is not reached: host=" + host + " reason=" + reason);
    }

    private synchronized void transitionTo(State next, String reason) {
        Seen before = seen;
        if (before.state() == State.CLOSED) {
            return;
        }
        seen = new Seen(next, Instant.now(), reason);
        if (before.state() != next) {
            LOG.debug("fragment link: host={} from={} to={} reason={}", host, before.state(), next, reason);
        }
    }
}
