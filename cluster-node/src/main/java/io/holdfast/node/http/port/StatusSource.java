package io.holdfast.node.http.port;

import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.node.peerlink.PeerLinkStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How this node and the others are. Concurrent.
public interface StatusSource {
    /// This node, at once.
    NodeReport here();

    /// The other nodes, asked over peer links within the patience; a node that does not answer is
    /// missing. Blocks.
    List<NodeReport> others(Duration patience);

    /// One other node, asked within the patience; empty if it does not answer or is none. Blocks.
    Optional<NodeReport> other(String node, Duration patience);

    /// Whether this node lives (its threads do their work); `/healthz`.
    boolean isAlive();

    /// Why this node is not ready to serve, or empty; `/readyz`.
    Optional<String> unreadyReason();

    /// One look at a node.
    ///
    /// @param node its name
    /// @param version of the program
    /// @param startedAt when its process started
    /// @param lastApplied the ledger index it has applied
    /// @param lagEntries entries it knows to be committed and has not applied
    /// @param ledgers its replicated logs
    /// @param grid its view of the grid, once that has started
    /// @param machines its state machines, each with its last transition
    /// @param links its connections to other nodes
    /// @param traffic what is done with the volumes that it serves
    record NodeReport(
            String node,
            String version,
            Instant startedAt,
            long lastApplied,
            long lagEntries,
            List<LedgerStatus> ledgers,
            Optional<GridReport> grid,
            List<MachineReport> machines,
            List<PeerLinkStatus> links,
            Traffic traffic) {
        /// A node of an older version tells no traffic.
        public NodeReport {
            traffic = traffic == null ? Traffic.NONE : traffic;
            ledgers = List.copyOf(ledgers);
            machines = List.copyOf(machines);
            links = List.copyOf(links);
        }
    }

    /// What is counted over all volumes that a node has open; it begins anew with each one that is closed.
    ///
    /// @param volumes that it has open
    /// @param readsByDoubledMicros how long reads took: less than 1, 2, 4 ... microseconds
    /// @param writesByDoubledMicros how long writes took
    record Traffic(
            int volumes,
            long reads,
            long readBytes,
            long writes,
            long writtenBytes,
            List<Long> readsByDoubledMicros,
            List<Long> writesByDoubledMicros) {
        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, List.of(), List.of());

        public Traffic {
            readsByDoubledMicros = List.copyOf(readsByDoubledMicros);
            writesByDoubledMicros = List.copyOf(writesByDoubledMicros);
        }
    }

    /// A node's view of the grid.
    ///
    /// @param memberCount nodes in the grid
    /// @param entryCount records in the grid's maps on this node
    /// @param watermark the ledger index up to which everything is published
    /// @param lostPartitions partitions that were lost and refilled since the start
    /// @param isSafe whether every partition has its backup
    record GridReport(
            int memberCount,
            long entryCount,
            long watermark,
            long lostPartitions,
            boolean isSafe) {}

    /// One state machine.
    ///
    /// @param name such as `node-life` or `grid-publisher`
    /// @param state the state's name
    /// @param since when it entered it
    /// @param reason why
    record MachineReport(String name, String state, Instant since, String reason) {}
}
