package io.holdfast.gridstate.hazelcast.served;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.publish.GridAudit;
import io.holdfast.gridstate.hazelcast.publish.GridPublisher;
import io.holdfast.gridstate.hazelcast.publish.GridRepair;
import io.holdfast.gridstate.hazelcast.read.GridReads;
import io.holdfast.gridstate.hazelcast.watch.GridWatches;
import java.util.function.LongSupplier;

/// A member of the grid with all that feeds it and reads it. Concurrent. Owns its parts and the grid it is
/// given; the log belongs to the caller.
///
/// The caller opens the [Grid] once the ledger admits the node, and afterwards calls [#onApplied] with each
/// entry that the node's state machine has applied.
public final class ServedGrid implements AutoCloseable {
    private final Grid grid;
    private final GridPublisher publisher;
    private final GridRepair repair;
    private final GridReads reads;
    private final GridWatches watches;

    private ServedGrid(Grid grid, ReplicatedLog log, LongSupplier nanoClock) {
        this.grid = grid;
        this.repair = new GridRepair(grid, log, nanoClock);
        this.publisher = new GridPublisher(grid, log, nanoClock, repair::requestAll);
        this.reads = new GridReads(grid, log, nanoClock);
        this.watches = new GridWatches(log, nanoClock);
        grid.onMerged(() -> {
            publisher.relocate();
            repair.requestAll();
        });
        log.onLeadership(_ -> publisher.wake());
    }

    /// Begins to serve. If that fails, as it may while other members come and go, the grid that was given is
    /// closed.
    ///
    /// @param nanoClock a clock that only runs forward, like `System::nanoTime`
    /// @throws GridUnavailableException if it can be tried again with a new member
    public static ServedGrid start(Grid grid, ReplicatedLog log, LongSupplier nanoClock) {
        try {
            ServedGrid served = new ServedGrid(grid, log, nanoClock);
            served.publisher.start();
            served.repair.start();
            return served;
        } catch (RuntimeException failure) {
            grid.close();
            throw new GridUnavailableException("this node left the grid before it served it", failure);
        }
    }

    /// The entry is visible in the log's store. Cheap enough for the apply thread.
    public void onApplied(LogIndex index) {
        publisher.wake();
        watches.onApplied(index);
    }

    public Grid grid() {
        return grid;
    }

    public GridReads reads() {
        return reads;
    }

    public GridWatches watches() {
        return watches;
    }

    public GridPublisher publisher() {
        return publisher;
    }

    public GridRepair repair() {
        return repair;
    }

    /// A comparison of the grid with a store, for whoever wants to see with own eyes.
    public GridAudit audit() {
        return GridAudit.readOnly(grid);
    }

    public ServedGridStatus status() {
        return new ServedGridStatus(
                grid.status(), publisher.status(), repair.status(), reads.status(), watches.openCount());
    }

    /// Stops publishing and repairing, then leaves the grid.
    @Override
    public void close() {
        watches.close();
        publisher.close();
        repair.close();
        grid.close();
    }
}
