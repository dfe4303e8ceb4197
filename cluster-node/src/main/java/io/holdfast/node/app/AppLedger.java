package io.holdfast.node.app;

import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.GridReply;
import java.time.Duration;

/// The cluster's state as an application host reads and changes it. Concurrent.
public interface AppLedger {
    /// Reads this node's own copy.
    CatalogReader reader();

    /// Proposes on this node's account, and waits until this node's copy shows what came of it. Throws a
    /// `ConsensusException`.
    GridReply propose(GridCommand command);

    /// Waits until this node's copy shows everything that was acknowledged before the call; false if that
    /// cannot be had in time.
    boolean catchUp(Duration patience);

    /// How far this node's copy is.
    long appliedIndex();

    /// Waits until this node's copy is further than that, or the time has passed.
    void awaitBeyond(long index, Duration patience) throws InterruptedException;
}
