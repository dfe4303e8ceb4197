package io.holdfast.gridstate.change;

import java.util.List;

/// What reading on from a position gave.
public sealed interface ChangeBatch {
    /// Everything that follows the position, up to the limit.
    ///
    /// @param changes in order; empty if nothing follows
    /// @param next the position to read on from
    record Changes(List<Change> changes, ChangePosition next) implements ChangeBatch {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /// Some of what follows the position is no longer kept: read the catalogs anew, then go on from the
    /// index they were read at.
    ///
    /// @param oldest the oldest position that can be read on from
    record PositionTooOld(ChangePosition oldest) implements ChangeBatch {}
}
