package io.holdfast.node;

import io.holdfast.gridstate.GridCatalogs;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridSettings;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import io.holdfast.gridstate.hazelcast.read.GridReads;
import io.holdfast.gridstate.hazelcast.served.ServedGrid;
import io.holdfast.gridstate.hazelcast.publish.PublisherStatus;
import io.holdfast.gridstate.hazelcast.publish.RepairStatus;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.membership.NodeRoster;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/// This node's member of the grid, with what feeds, mends and reads it.
///
/// @param served the member and its parts
/// @param publisherSince when the publisher last changed its state
record GridParts(ServedGrid served, LastChange publisherSince) implements AutoCloseable {
    private static final int HEARTBEATS_PER_SILENCE = 6;
    private static final int MILLIS_MIN = 1_000;

    /// Joins the grid; blocks until it has.
    static GridParts open(
            NodeConfig config, IdentityParts identity, LedgerParts ledger, InstantSource clock,
                    LongSupplier nanoClock) {
        NodeRoster roster = identity.roster();
        Grid grid = Grid.open(
                settings(config, roster),
                identity.gridTls(),
                roster::isMember,
                new GridSchema(GridCatalogs.ALL, ledger.codec()));
        ServedGrid served = ServedGrid.start(grid, ledger.log(), nanoClock);
        ledger.machine().addListener(served::onApplied);
        return new GridParts(served, new LastChange(clock));
    }

    private static GridSettings settings(NodeConfig config, NodeRoster roster) {
        NodeConfig.Grid grid = config.grid();
        int silenceMillis = Math.toIntExact(grid.heartbeatTimeout().toMillis());
        int heartbeatMillis = Math.max(MILLIS_MIN, silenceMillis / HEARTBEATS_PER_SILENCE);
        return new GridSettings(
                "holdfast",
                config.name(),
                config.network().advertisedHost(),
                config.network().gridPort(),
                members(roster),
                grid.partitions(),
                heartbeatMillis,
                silenceMillis,
                HEARTBEATS_PER_SILENCE * MILLIS_MIN);
    }

    private static List<String> members(NodeRoster roster) {
        return roster.picture().members().values().stream()
                .map((NodeEntry node) -> node.description().addresses().grid())
                .toList();
    }

    /// The list of nodes has changed: looks for members at their addresses and lets nobody else stay.
    void onRosterChanged(NodeRoster roster) {
        served.grid().lookForMembersAt(members(roster));
        served.grid().enforceAdmission();
    }

    boolean isOpen() {
        return served.grid().isOpen();
    }

    int memberCount() {
        return served.grid().members().size();
    }

    GridReads reads() {
        return served.reads();
    }

    /// Notices when the publisher changed its state; called often.
    void observe() {
        publisherSince.observe(served.publisher().status().transitions());
    }

    StatusSource.GridReport report() {
        RepairStatus mended = served.repair().status();
        return new StatusSource.GridReport(
                memberCount(),
                served.grid().maps().localEntryCount(),
                served.reads().published().index(),
                mended.comparisons(),
                mended.partitionsWaiting() == 0 && !mended.comparing());
    }

    StatusSource.MachineReport publisherReport() {
        PublisherStatus status = served.publisher().status();
        return new StatusSource.MachineReport(
                "grid-publisher", status.state().label(), publisherSince.at(), status.lastReason());
    }

    @Override
    public void close() {
        served.close();
    }
}
