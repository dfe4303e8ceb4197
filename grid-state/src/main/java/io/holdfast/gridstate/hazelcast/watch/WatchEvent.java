package io.holdfast.gridstate.hazelcast.watch;

import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangePosition;
import java.util.List;

/// What a watcher is told.
public sealed interface WatchEvent {
    /// Changes of the watched catalogs, in order.
    ///
    /// @param position where to resume behind them
    record Changed(List<Change> changes, ChangePosition position) implements WatchEvent {
        public Changed {
            changes = List.copyOf(changes);
        }
    }

    /// Nothing of interest happened.
    ///
    /// @param position where to resume: everything before it has been told or was of no interest
    record Heartbeat(ChangePosition position) implements WatchEvent {}

    /// The position is no longer kept: read the catalogs anew and watch on from the index they were read at.
    /// The watch has ended.
    ///
    /// @param oldest the oldest position that can be watched on from
    record Resume(ChangePosition oldest) implements WatchEvent {}
}
