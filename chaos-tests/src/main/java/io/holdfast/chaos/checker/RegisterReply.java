package io.holdfast.chaos.checker;

/// What a register answers.
public sealed interface RegisterReply {
    /// The value read.
    record Value(String value) implements RegisterReply {}

    /// The write was done.
    record Written() implements RegisterReply {}

    /// Whether the compare-and-set was done.
    record Swapped(boolean isDone) implements RegisterReply {}
}
