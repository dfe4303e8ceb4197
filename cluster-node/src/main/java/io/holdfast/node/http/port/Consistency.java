package io.holdfast.node.http.port;

import java.time.Duration;

/// How fresh a read must be.
public sealed interface Consistency {
    /// What this node has, however old; the answer says its index.
    record Local() implements Consistency {}

    /// At least as new as what the caller has seen.
    ///
    /// @param index the newest index the caller has seen
    /// @param patience how long to wait for it
    record Session(long index, Duration patience) implements Consistency {}

    /// Everything that was acknowledged before the call.
    ///
    /// @param patience how long to wait for the leader's confirmation
    record Linearizable(Duration patience) implements Consistency {}
}
