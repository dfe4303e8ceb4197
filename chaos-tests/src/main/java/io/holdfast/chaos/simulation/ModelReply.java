package io.holdfast.chaos.simulation;

/// What the model's state machine answers.
sealed interface ModelReply {
    /// Done; the version of what was written.
    record Accepted(long version) implements ModelReply {}

    /// The condition did not hold.
    record Conflict() implements ModelReply {}

    /// The lease is granted.
    record Granted(long token) implements ModelReply {}

    /// Not possible now; nothing changed.
    record Refused() implements ModelReply {}
}
