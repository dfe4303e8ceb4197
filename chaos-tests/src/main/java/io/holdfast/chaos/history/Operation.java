package io.holdfast.chaos.history;

/// One call by one client.
///
/// @param id unique within the history, in order of invocation
/// @param key what the call was about; calls on different keys do not influence each other
/// @param completedNanos when the caller knew the outcome, or gave up; on the clock of `invokedNanos`
/// @param <A> what was asked for
/// @param <R> what is returned
public record Operation<A, R>(
        long id,
        int client,
        String key,
        A action,
        Outcome<R> outcome,
        long invokedNanos,
        long completedNanos) {
    public Operation {
        if (completedNanos < invokedNanos) {
            throw new IllegalArgumentException("completed before it was invoked: id=" + id);
        }
    }

    public boolean isOk() {
        return outcome instanceof Outcome.Ok<R>;
    }

    public boolean isUnknown() {
        return outcome instanceof Outcome.Unknown<R>;
    }

    /// Whether this call was over before the other began, for everybody to see.
    public boolean precedes(Operation<?, ?> other) {
        return !isUnknown() && completedNanos < other.invokedNanos();
    }

    /// One line of evidence.
    public String describe() {
        return "op " + id + " client " + client + " key " + key + " [" + invokedNanos / 1_000 + "us, "
                + completedNanos / 1_000 + "us] " + action + " -> " + outcome;
    }
}
