package io.holdfast.gridstate.operation;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of an operation.
public sealed interface OperationState {
    Transitions<OperationState> TRANSITIONS = new Transitions<>(Map.of(
            Running.class, Set.of(Cancelling.class, Succeeded.class, Failed.class),
            Cancelling.class, Set.of(Cancelled.class, Succeeded.class, Failed.class),
            Succeeded.class, Set.of(),
            Failed.class, Set.of(),
            Cancelled.class, Set.of()));

    /// Its owner works on it.
    record Running() implements OperationState {}

    /// Its owner was asked to stop.
    record Cancelling() implements OperationState {}

    /// Done.
    ///
    /// @param result what it made, as the API shows it
    record Succeeded(String result) implements OperationState {
        public Succeeded {
            Check.note("a result", result, 4_096);
        }
    }

    /// Not done.
    ///
    /// @param code as problems have it
    /// @param reason for people
    record Failed(String code, String reason) implements OperationState {
        public Failed {
            Check.name("a failure's code", code);
            Check.note("a reason", reason, 1_024);
        }
    }

    /// Stopped on request; its effects are undone.
    record Cancelled() implements OperationState {}

    default boolean isOver() {
        return switch (this) {
            case Running _, Cancelling _ -> false;
            case Succeeded _, Failed _, Cancelled _ -> true;
        };
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Running _ -> "running";
            case Cancelling _ -> "cancelling";
            case Succeeded _ -> "succeeded";
            case Failed _ -> "failed";
            case Cancelled _ -> "cancelled";
        };
    }
}
