package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.consensus.LogIndex;

/// What a reader wants to rely on.
public sealed interface Consistency {
    /// Whatever is at hand, which may be old; the answer says as of when and whether that is suspect.
    record Local() implements Consistency {}

    /// At least what the ledger held at this index: a caller that has written there reads its own write.
    record Session(LogIndex atLeast) implements Consistency {}

    /// At least what the ledger held when the read began; asks the leader.
    record Linearizable() implements Consistency {}
}
