package io.holdfast.gridstate.snapshot;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of a snapshot.
public sealed interface SnapshotState {
    Transitions<SnapshotState> TRANSITIONS = new Transitions<>(Map.of(
            Making.class, Set.of(Ready.class, Condemned.class),
            Ready.class, Set.of(Condemned.class),
            Condemned.class, Set.of()));

    /// Being written by the holder of the token.
    ///
    /// @param maker the token
    record Making(FencingToken maker) implements SnapshotState {}

    /// Complete and restorable.
    ///
    /// @param sinceMillis when it became so
    record Ready(long sinceMillis) implements SnapshotState {
        public Ready {
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// Never to be restored; waits to be deleted.
    ///
    /// @param reason for people
    /// @param sinceMillis when it became so
    record Condemned(String reason, long sinceMillis) implements SnapshotState {
        public Condemned {
            Check.note("a reason", reason, 512);
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Making _ -> "making";
            case Ready _ -> "ready";
            case Condemned _ -> "condemned";
        };
    }
}
