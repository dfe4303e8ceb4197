package io.holdfast.node;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.ledger.GridCommands;
import io.holdfast.node.ledger.LedgerClient;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.peerlink.PeerLinks;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// How this node reaches others and how its commands reach the leader.
///
/// @param vertx the event loops of everything that listens or connects over Vert.x
/// @param links connections to other nodes
/// @param client proposes bytes, whoever leads
/// @param commands proposes typed commands, whoever leads
record LinkParts(Vertx vertx, PeerLinks links, LedgerClient client, GridCommands commands) {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    static LinkParts open(OpenParts parts, NodeConfig config, WireParts wire, LedgerParts ledger) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("retries").factory());
        parts.open("retry timer", CLOSE_WITHIN, () -> timer::shutdownNow);
        SecureRandom random = new SecureRandom();
        LedgerClient client = new LedgerClient(
                new OwnLog(ledger.log()),
                wire.links()::propose,
                timer,
                System::nanoTime,
                () -> new SessionId(random.nextLong(), random.nextLong()),
                config.ledger().requestTimeout());
        return new LinkParts(wire.vertx(), wire.links(), client, new GridCommands(client, ledger.codec()));
    }

    /// This node's own log, as the ledger client needs it.
    private record OwnLog(ReplicatedLog log) implements LedgerClient.Route {
        @Override
        public Leadership leadership() {
            return log.leadership();
        }

        @Override
        public CompletableFuture<Committed> proposeHere(Proposal proposal) {
            return log.propose(proposal);
        }
    }
}
