package io.holdfast.chaos.history;

/// How a call ended, as its caller knows it.
///
/// @param <R> what the call returns
public sealed interface Outcome<R> {
    /// It happened between invocation and completion, and said this.
    record Ok<R>(R reply) implements Outcome<R> {}

    /// It certainly did not happen and never will.
    record Failed<R>(String reason) implements Outcome<R> {}

    /// It may have happened at any time after its invocation, or may still happen.
    record Unknown<R>(String reason) implements Outcome<R> {}
}
