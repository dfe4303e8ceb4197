package io.holdfast.node.peerlink;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.UnavailableException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// This node's connections to other nodes. Concurrent; futures complete on event loops, which must
/// not be blocked.
public final class PeerLinks implements AutoCloseable {
    private final Vertx vertx;
    private final PeerTls tls;
    private final PeerLimits limits;
    private final Function<PeerId, Optional<PeerAddress>> addresses;
    private final NetClient client;
    private final Map<PeerId, PeerLink> links = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// Makes links that connect when they are first used.
    ///
    /// @param addresses where a node's peer port is now; asked at each connect, on an event loop
    public PeerLinks(
            Vertx vertx,
            PeerTls tls,
            PeerLimits limits,
            Function<PeerId, Optional<PeerAddress>> addresses) {
        this.vertx = vertx;
        this.tls = tls;
        this.limits = limits;
        this.addresses = addresses;
        this.client = vertx.createNetClient(tls.client(limits));
    }

    /// Proposes to the other node's log. Completes as `ReplicatedLog.propose` does there; with
    /// `UnavailableException` if it was never sent, with `OutcomeUnknownException` if it was and no
    /// answer came.
    public CompletableFuture<Committed> propose(PeerId peer, Proposal proposal) {
        CompletableFuture<Committed> outcome = new CompletableFuture<>();
        submit(peer, new Pending.Proposing(proposal, deadline(limits.proposalTimeout()), outcome));
        return outcome;
    }

    /// Asks the other node. Completes with its answer, or exceptionally with
    /// [PeerRefusedException], `UnavailableException` (never sent) or `OutcomeUnknownException` (no
    /// answer came).
    public CompletableFuture<byte[]> call(
            PeerId peer, PeerCall call, byte[] argument, Duration timeout) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        submit(
                peer,
                new Pending.Calling(
                        call, argument, (int) timeout.toMillis(), deadline(timeout), result));
        return result;
    }

    /// The smoothed round trip to a connected node.
    public OptionalLong roundTripNanos(PeerId peer) {
        @Nullable PeerLink link = links.get(peer);
        long nanos = link == null ? 0 : link.status().roundTripNanos();
        return nanos == 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    /// Every link that was ever used and not forgotten.
    public List<PeerLinkStatus> status() {
        return links.values().stream().map(PeerLink::status).toList();
    }

    /// Cuts and forgets the link to a node that is no longer a member.
    public void forget(PeerId peer) {
        PeerLink link = links.remove(peer);
        if (link != null) {
            link.close("forgotten");
        }
    }

    @Override
    public void close() {
        closed = true;
        links.values().forEach(link -> link.close("this node is stopping"));
        client.close();
    }

    private void submit(PeerId peer, Pending request) {
        if (closed) {
            request.fail(new UnavailableException("peer links are closed: peer=" + peer));
            return;
        }
        links.computeIfAbsent(peer, name -> new PeerLink(name, this)).submit(request);
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    Vertx vertx() {
        return vertx;
    }

    PeerTls tls() {
        return tls;
    }

    PeerLimits limits() {
        return limits;
    }

    NetClient client() {
        return client;
    }

    Optional<PeerAddress> address(PeerId peer) {
        return addresses.apply(peer);
    }
}
