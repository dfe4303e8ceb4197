package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of a node.
public sealed interface NodeState {
    Transitions<NodeState> TRANSITIONS = new Transitions<>(Map.of(
            Joined.class, Set.of(Draining.class, Maintenance.class, Evicted.class),
            Draining.class, Set.of(Joined.class, Maintenance.class, Evicted.class),
            Maintenance.class, Set.of(Joined.class, Draining.class, Evicted.class),
            Evicted.class, Set.of(Joined.class)));

    /// Takes part in everything.
    record Joined() implements NodeState {}

    /// Gets nothing new; what it has moves away.
    record Draining() implements NodeState {}

    /// Away for a while: what it has stays, nobody waits for it.
    ///
    /// @param reason for people
    record Maintenance(String reason) implements NodeState {
        public Maintenance {
            Check.note("a reason", reason, 512);
        }
    }

    /// Refused everywhere; only a new join token brings it back.
    ///
    /// @param reason for people
    /// @param sinceMillis when it was evicted
    record Evicted(String reason, long sinceMillis) implements NodeState {
        public Evicted {
            Check.note("a reason", reason, 512);
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Joined _ -> "joined";
            case Draining _ -> "draining";
            case Maintenance _ -> "maintenance";
            case Evicted _ -> "evicted";
        };
    }
}
