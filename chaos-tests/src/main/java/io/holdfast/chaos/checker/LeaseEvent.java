package io.holdfast.chaos.checker;

/// What is known about a lease on one name, on the observer's clock.
public sealed interface LeaseEvent {
    String name();

    /// The lease was granted: it is held from `answeredNanos` (at the latest) until `heldUntilNanos`, the
    /// moment up to which the holder may rely on it: the request's departure plus its time to live, or
    /// the departure of its release.
    record Granted(
            String name, String holder, long fencingToken, long requestedNanos, long answeredNanos,
            long heldUntilNanos)
            implements LeaseEvent {}

    /// The lease was prolonged under this token by whoever grants it, at some moment between these two.
    record Prolonged(String name, String holder, long fencingToken, long requestedNanos, long answeredNanos)
            implements LeaseEvent {}

    /// A store accepted work under this token, at some moment between these two. It learns of a newer token
    /// only from work under that one.
    record Used(String name, String holder, long fencingToken, long requestedNanos, long answeredNanos)
            implements LeaseEvent {}
}
