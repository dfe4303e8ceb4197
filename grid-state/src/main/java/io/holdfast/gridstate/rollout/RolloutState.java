package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of a rollout.
public sealed interface RolloutState {
    Transitions<RolloutState> TRANSITIONS = new Transitions<>(Map.of(
            Planned.class, Set.of(Running.class, RolledBack.class),
            Running.class, Set.of(Running.class, Paused.class, Failed.class, Completed.class),
            Paused.class, Set.of(Running.class, Failed.class),
            Failed.class, Set.of(RolledBack.class),
            RolledBack.class, Set.of(),
            Completed.class, Set.of(Failed.class)));

    /// Its generation exists, no link has moved.
    record Planned() implements RolloutState {}

    /// Moving the links of a wave, and gathering verdicts.
    ///
    /// @param wave from 0
    record Running(int wave) implements RolloutState {
        public Running {
            Check.notNegative("a wave", wave);
        }
    }

    /// Links stay where they are.
    ///
    /// @param wave from 0
    record Paused(int wave) implements RolloutState {
        public Paused {
            Check.notNegative("a wave", wave);
        }
    }

    /// Its links go back, step by step.
    ///
    /// @param reason for people
    record Failed(String reason) implements RolloutState {
        public Failed {
            Check.note("a reason", reason, 512);
        }
    }

    /// Every link that it moved is back.
    ///
    /// @param reason why it failed
    record RolledBack(String reason) implements RolloutState {
        public RolledBack {
            Check.note("a reason", reason, 512);
        }
    }

    /// Every link is at its generation, every wave passed.
    record Completed() implements RolloutState {}

    /// Whether the object is free for another rollout.
    default boolean isOver() {
        return this instanceof RolledBack || this instanceof Completed;
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Planned _ -> "planned";
            case Running _ -> "running";
            case Paused _ -> "paused";
            case Failed _ -> "failed";
            case RolledBack _ -> "rolled-back";
            case Completed _ -> "completed";
        };
    }
}
