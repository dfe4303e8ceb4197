package io.holdfast.node.testing;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.testing.InMemoryReplicatedLog;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.ledger.GridCommands;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.ledger.LedgerClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The real catalogs and rules on a log of one peer in memory, as several nodes' services use it.
/// Concurrent.
public final class MemoryLedger implements AutoCloseable {
    private final GridCodec codec = new GridCodec();
    private final InMemoryReplicatedLog log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong sessions = new AtomicLong();

    /// A ledger with a founded cluster of so many nodes, `node-1` and so on, with these numbers.
    public MemoryLedger(InstantSource clock, int nodes) {
        log = InMemoryReplicatedLog.open(new GridStateMachine(), clock);
        LedgerAccess founder = access("node-1");
        accept(founder, new ClusterCommand.Found(
                "c0ffee", "home", "node-1", description(), certificate("1")));
        for (int number = 2; number <= nodes; number++) {
            Sha256 hash = new Sha256("0".repeat(64));
            accept(founder, new ClusterCommand.CreateJoinToken("t" + number, hash, Long.MAX_VALUE));
            accept(founder, new ClusterCommand.AdmitNode(
                    "node-" + number, description(), certificate(Integer.toString(number)), "t" + number,
                            hash));
        }
    }

    private static NodeDescription description() {
        return new NodeDescription(
                "default", new Addresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"), false,
                GridCodec.LEVEL_MAX);
    }

    private static NodeCertificate certificate(String serial) {
        return new NodeCertificate(serial, new Sha256("0".repeat(64)), Long.MAX_VALUE);
    }

    private static void accept(LedgerAccess access, GridCommand command) {
        if (access.submit(command) instanceof GridReply.Refused refused) {
            throw new AssertionError("refused: " + refused);
        }
    }

    /// The ledger as a node uses it.
    public LedgerAccess access(String node) {
        return new LedgerAccess(node, log, new CatalogReader(log.store(), codec), commands());
    }

    /// Its way in.
    public GridCommands commands() {
        return commands(System::nanoTime);
    }

    /// The same by this clock.
    public GridCommands commands(LongSupplier nanoClock) {
        LedgerClient client = new LedgerClient(
                new Route(),
                (_, proposal) -> log.propose(proposal),
                timer,
                nanoClock,
                () -> new SessionId(7, sessions.incrementAndGet()),
                Duration.ofSeconds(5));
        return new GridCommands(client, codec);
    }

    public InMemoryReplicatedLog log() {
        return log;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private final class Route implements LedgerClient.Route {
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
