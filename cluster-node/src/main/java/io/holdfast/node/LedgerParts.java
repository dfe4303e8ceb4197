package io.holdfast.node;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.ratis.LedgerConfig;
import io.holdfast.consensus.ratis.LedgerServer;
import io.holdfast.consensus.ratis.SteadyClock;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.node.bootstrap.ClusterSeed;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.HostAndPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ledger on this node: the server, the one group that holds the catalogs, and the state machine behind
/// it.
///
/// @param log the replicated log of the catalogs
/// @param machine what gives its commands their meaning
/// @param reader reads this node's own copy of the state
/// @param codec reads everything that this release understands
record LedgerParts(ReplicatedLog log, GridStateMachine machine, CatalogReader reader, GridCodec codec) {
    private static final GroupId CATALOGS = new GroupId("catalogs");
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final int PRIORITY_DEFAULT = 1;

    /// Says whether this node may take part; until then it serves nobody.
    @FunctionalInterface
    interface Permit {
        void await() throws IOException;
    }

    static LedgerParts open(OpenParts parts, NodeConfig config, LedgerConfig.Tls tls, Permit permit) {
        LedgerServer server = parts.open("ledger server", CLOSE_WITHIN, () ->
                LedgerServer.open(ledgerConfig(config, tls)));
        GridStateMachine machine = new GridStateMachine();
        ReplicatedLog log = parts.open("ledger", CLOSE_WITHIN, () -> {
            permit.await();
            return server.open(CATALOGS, machine, initialPeers(config));
        });
        GridCodec codec = new GridCodec();
        return new LedgerParts(log, machine, new CatalogReader(log.store(), codec), codec);
    }

    private static LedgerConfig ledgerConfig(NodeConfig config, LedgerConfig.Tls tls) {
        NodeConfig.Ledger ledger = config.ledger();
        LedgerConfig.Batching batching = LedgerConfig.Batching.DEFAULT;
        LedgerConfig.Retention retention = LedgerConfig.Retention.DEFAULT;
        return LedgerConfig.of(
                        new PeerId(config.name()),
                        config.network().listenHost(),
                        config.network().raftPort(),
                        config.dataDirectory().resolve("ledger"),
                        tls,
                        SteadyClock::ofThisHost)
                .withTimeouts(new LedgerConfig.Timeouts(
                        ledger.electionTimeoutMin(), ledger.electionTimeoutMax(), ledger.requestTimeout()))
                .withBatching(new LedgerConfig.Batching(
                        ledger.batchCommandsMax(),
                        Math.toIntExact(ledger.batchBytesMax()),
                        batching.entriesOutstandingMax(),
                        ledger.pendingCommandsMax(),
                        batching.queueBytesMax()))
                .withRetention(new LedgerConfig.Retention(
                        ledger.snapshotEntries(),
                        retention.snapshotBytes(),
                        retention.segmentBytes(),
                        ledger.historyEntriesMax(),
                        ledger.historyBytesMax(),
                        retention.sessionIdle(),
                        retention.sessionsMax()));
    }

    /// A founder begins alone; a joiner begins as a follower of those it was told about. A node whose
    /// directory holds the ledger already goes on from there, whatever this says.
    private static List<GroupPeer> initialPeers(NodeConfig config) throws IOException {
        GroupPeer self = peer(config.name(), config.network().raftAddress(), true);
        if (ClusterSeed.read(config.dataDirectory()).isPresent()) {
            return List.of(self);
        }
        Optional<KnownPeers> known = KnownPeers.read(config.dataDirectory());
        if (known.isEmpty()) {
            return List.of(self);
        }
        List<GroupPeer> peers = new ArrayList<>();
        for (KnownPeers.KnownNode node : known.get().nodes()) {
            if (!node.name().equals(config.name()) && node.isVoter()) {
                peers.add(peer(node.name(), node.raft(), true));
            }
        }
        peers.add(self.withVoting(false));
        return peers;
    }

    private static GroupPeer peer(String name, String raftAddress, boolean isVoting) {
        HostAndPort address = HostAndPort.parse(raftAddress);
        return new GroupPeer(new PeerId(name), address.host(), address.port(), isVoting, PRIORITY_DEFAULT);
    }
}
