package io.holdfast.node;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.metrics.NodeMetrics;
import io.holdfast.node.peerlink.PeerAddress;
import io.holdfast.node.peerlink.PeerLimits;
import io.holdfast.node.peerlink.PeerLinks;
import io.holdfast.node.peerlink.PeerTls;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How this node reaches others, with a ledger or without.
///
/// @param vertx the event loops of everything that listens or connects over Vert.x
/// @param links connections to other nodes
record WireParts(Vertx vertx, PeerLinks links) {
    private static final int EVENT_LOOPS = 2;
    private static final int WORKER_THREADS = 4;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    static WireParts open(OpenParts parts, NodeConfig config, IdentityParts identity, NodeMetrics metrics)
            throws IOException {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(EVENT_LOOPS)
                        .setInternalBlockingPoolSize(WORKER_THREADS)
                        .setWorkerPoolSize(WORKER_THREADS)
                        .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(metrics.registry()))
                .build();
        parts.open("event loops", CLOSE_WITHIN, () -> () ->
                vertx.close().toCompletionStage().toCompletableFuture().join());
        Map<PeerId, PeerAddress> known = knownAtStart(config);
        PeerLinks links = parts.open("peer links", CLOSE_WITHIN, () -> new PeerLinks(
                vertx,
                new PeerTls(identity.keys(), identity.trust()),
                PeerLimits.standard(),
                peer -> address(identity.roster(), known, peer)));
        return new WireParts(vertx, links);
    }

    private static Map<PeerId, PeerAddress> knownAtStart(NodeConfig config) throws IOException {
        Map<PeerId, PeerAddress> known = new HashMap<>();
        Optional<KnownPeers> stored = KnownPeers.read(config.dataDirectory());
        if (stored.isPresent()) {
            for (KnownPeers.KnownNode node : stored.get().nodes()) {
                known.put(new PeerId(node.name()), address(node.peer()));
            }
        }
        return Map.copyOf(known);
    }

    private static Optional<PeerAddress> address(
            NodeRoster roster, Map<PeerId, PeerAddress> known, PeerId peer) {
        return Optional.ofNullable(roster.picture().nodes().get(peer.value()))
                .map(node -> address(node.description().addresses().peer()))
                .or(() -> Optional.ofNullable(known.get(peer)));
    }

    private static PeerAddress address(String text) {
        HostAndPort parsed = HostAndPort.parse(text);
        return new PeerAddress(parsed.host(), parsed.port());
    }
}
