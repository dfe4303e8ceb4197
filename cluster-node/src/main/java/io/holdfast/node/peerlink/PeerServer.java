package io.holdfast.node.peerlink;

import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.InvalidIdentityException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// The port at which other nodes reach this one. Concurrent.
public final class PeerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerServer.class);
    private static final long CLOSE_SECONDS_MAX = 5;

    /// As the audit names it.
    private static final String PORT = "peers";

    private final PeerTls tls;
    private final PeerLimits limits;
    private final PeerRequests requests;
    private final Vertx vertx;
    private final NetServer server;
    private final ExecutorService callThreads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("peer-call-", 0).factory());
    private final Set<PeerSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();

    private PeerServer(Vertx vertx, PeerTls tls, PeerLimits limits, PeerRequests requests) {
        this.vertx = vertx;
        this.tls = tls;
        this.limits = limits;
        this.requests = requests;
        this.server =
                vertx.createNetServer(tls.server(limits))
                        .connectHandler(this::accept)
                        .exceptionHandler(this::onHandshakeFailure);
    }

    /// Listens; port 0 takes a free one. Blocks until it does.
    public static PeerServer listen(
            Vertx vertx,
            String host,
            int port,
            PeerTls tls,
            PeerLimits limits,
            PeerRequests requests) {
        PeerServer opened = new PeerServer(vertx, tls, limits, requests);
        try {
            opened.server
                    .listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            opened.close();
            throw new IllegalStateException(
                    "cannot listen for peers: host=" + host + " port=" + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opened.close();
            throw new IllegalStateException(
                    "interrupted while opening the peer port: port=" + port, e);
        }
        return opened;
    }

    public int port() {
        return server.actualPort();
    }

    /// Connections that are open now.
    public int connectionCount() {
        return sessions.size();
    }

    /// Connections refused since the start: bad certificates, or too many.
    public long refusedCount() {
        return refused.get();
    }

    /// Cuts the peers that the admission refuses by now; done every second anyhow.
    public void dropRefused() {
        sessions.forEach(PeerSession::checkAdmission);
    }

    @Override
    public void close() {
        try {
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the peer port did not close in time: port={}", server.actualPort(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        callThreads.shutdownNow();
    }

    private void accept(NetSocket socket) {
        ClusterCertificate certificate;
        try {
            certificate = PeerTls.shownBy(socket);
            PeerTls.peerOf(certificate);
        } catch (InvalidIdentityException e) {
            refuse(socket, e.getMessage());
            return;
        }
        // A resumed TLS session skips the trust check, so the admission is asked once more.
        var refusal = tls.admission().refusal(certificate);
        if (refusal.isPresent()) {
            tls.trust().turnedAway(
                    certificate.name(),
                    PORT,
                    Optional.of(socket.remoteAddress().hostAddress()),
                    refusal.get());
            refuse(socket, refusal.get());
        } else if (sessions.size() >= limits.connectionCountMax()) {
            refuse(socket, "too many connections");
        } else {
            PeerSession session = new PeerSession(vertx, socket, certificate, this);
            sessions.add(session);
            session.open();
        }
    }

    private void refuse(NetSocket socket, @org.jspecify.annotations.Nullable String reason) {
        refused.incrementAndGet();
        LOG.info("refused a peer: address={} reason={}", socket.remoteAddress(), reason);
        socket.close();
    }

    private void onHandshakeFailure(Throwable failure) {
        refused.incrementAndGet();
        tls.trust().turnedAway(PORT, Optional.empty(), failure);
        LOG.debug("a peer's handshake failed: reason={}", failure.getMessage());
    }

    void closed(PeerSession session) {
        sessions.remove(session);
    }

    PeerTls tls() {
        return tls;
    }

    PeerLimits limits() {
        return limits;
    }

    PeerRequests requests() {
        return requests;
    }

    ExecutorService callThreads() {
        return callThreads;
    }
}
