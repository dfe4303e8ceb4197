package io.holdfast.node.lifecycle;

import java.util.Map;
import java.util.Set;

/// Where a node is in its life.
public sealed interface NodeState {
    /// Which state may follow which; [NodeLife] refuses every other edge.
    Map<Class<? extends NodeState>, Set<Class<? extends NodeState>>> EDGES = Map.of(
            Starting.class, Set.of(CatchingUp.class, Stopping.class, Failed.class),
            CatchingUp.class, Set.of(Ready.class, Stopping.class, Failed.class, Evicted.class),
            Ready.class, Set.of(CatchingUp.class, Stopping.class, Failed.class, Evicted.class),
            Evicted.class, Set.of(Stopping.class, Failed.class),
            Stopping.class, Set.of(Settled.class, Stopped.class, Failed.class),
            Settled.class, Set.of(Stopped.class, Failed.class),
            Stopped.class, Set.of(),
            Failed.class, Set.of(Stopping.class));

    /// Its parts are being opened.
    record Starting() implements NodeState {}

    /// Its parts run; it has not yet caught up with the ledger and the grid, so it is not ready.
    record CatchingUp() implements NodeState {}

    /// Serves everything.
    record Ready() implements NodeState {}

    /// The ledger says it is no longer a member; it serves nothing but its state.
    record Evicted() implements NodeState {}

    /// Its parts are being closed.
    record Stopping() implements NodeState {}

    /// What it served is put away; it stays for others that are not as far.
    record Settled() implements NodeState {}

    /// Nothing runs any more.
    record Stopped() implements NodeState {}

    /// A part failed for good.
    ///
    /// @param reason what failed, for the operator
    record Failed(String reason) implements NodeState {}

    default String label() {
        return getClass().getSimpleName();
    }
}
