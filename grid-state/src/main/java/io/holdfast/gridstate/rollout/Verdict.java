package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// What is known of an instance's health at its generation.
public sealed interface Verdict {
    /// Nothing yet.
    record Pending() implements Verdict {}

    /// It passed its health gate.
    record Healthy() implements Verdict {}

    /// It did not.
    ///
    /// @param reason for people
    record Unhealthy(String reason) implements Verdict {
        public Unhealthy {
            Check.note("a reason", reason, 512);
        }
    }

    /// The name by which queries and the API know the verdict.
    default String label() {
        return switch (this) {
            case Pending _ -> "pending";
            case Healthy _ -> "healthy";
            case Unhealthy _ -> "unhealthy";
        };
    }
}
