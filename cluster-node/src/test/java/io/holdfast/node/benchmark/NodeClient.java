package io.holdfast.node.benchmark;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.ledger.LedgerClient;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.peerlink.PeerAddress;
import io.holdfast.node.peerlink.PeerLimits;
import io.holdfast.node.peerlink.PeerLinks;
import io.holdfast.node.peerlink.PeerTls;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// A process of its own that proposes over the nodes' own peer link, with the identity of one of them: what
/// a node that does not lead does with its callers' commands.
final class NodeClient implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final GridCodec codec = new GridCodec(GridCodec.LEVEL_MAX);
    private final String name;
    private final PeerLinks links;
    private final Outside outside;
    private final LedgerClient ledger;

    /// Connects with the identity in a node's data directory, beginning at that node.
    NodeClient(Path dataDirectory) throws IOException {
        NodeIdentity identity = IdentityDirectory.open(dataDirectory.resolve("identity")).load();
        KnownPeers peers = KnownPeers.read(dataDirectory).orElseThrow();
        Map<PeerId, PeerAddress> addresses = new HashMap<>();
        for (KnownPeers.KnownNode node : peers.nodes()) {
            HostAndPort address = HostAndPort.parse(node.peer());
            addresses.put(new PeerId(node.name()), new PeerAddress(address.host(), address.port()));
        }
        name = identity.name();
        PeerTls tls = new PeerTls(
                new RotatingKeys(identity), new ClusterTrust(identity.authorities(), Admission.ALL));
        links = new PeerLinks(
                vertx, tls, PeerLimits.standard(), peer -> Optional.ofNullable(addresses.get(peer)));
        outside = new Outside(new PeerId(name));
        SecureRandom random = new SecureRandom();
        ledger = new LedgerClient(
                outside, this::propose, timer, System::nanoTime,
                () -> new SessionId(random.nextLong(), random.nextLong()), Duration.ofSeconds(20));
    }

    CompletableFuture<GridReply> submit(GridCommand command) {
        byte[] bytes = codec.encodeCommand(new CommandEnvelope(new Actor.Node(name), "", command));
        return ledger.propose(bytes).thenApply(committed -> codec.decodeReply(committed.reply()));
    }

    /// Bytes that a command takes in the ledger.
    int size(GridCommand command) {
        return codec.encodeCommand(new CommandEnvelope(new Actor.Node(name), "", command)).length;
    }

    @Override
    public void close() {
        links.close();
        timer.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private CompletableFuture<Committed> propose(PeerId peer, Proposal proposal) {
        return links.propose(peer, proposal).whenComplete((_, failure) -> {
            if (failure instanceof NotLeaderException moved) {
                moved.hint().ifPresent(leader -> outside.leader = leader);
            }
        });
    }

    /// Has no log of its own; begins at the node whose identity it borrows, and remembers who leads.
    private static final class Outside implements LedgerClient.Route {
        private volatile PeerId leader;

        Outside(PeerId first) {
            this.leader = first;
        }

        @Override
        public Leadership leadership() {
            return new Leadership(
                    Term.ZERO, Optional.of(leader), new PeerId("outside"), Leadership.Role.OUTSIDER);
        }

        @Override
        public CompletableFuture<Committed> proposeHere(Proposal proposal) {
            return CompletableFuture.failedFuture(new UnavailableException("no log here"));
        }
    }
}
