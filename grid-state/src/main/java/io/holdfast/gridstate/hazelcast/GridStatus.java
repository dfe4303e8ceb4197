package io.holdfast.gridstate.hazelcast;

import java.util.List;

/// One look at this node's grid member, as plain values.
///
/// @param standing whether it takes part
/// @param members whom it sees, itself included; empty when it does not take part
/// @param connections connections open now, handshakes included
/// @param refusals connections and join requests turned away or cut since it was opened
public record GridStatus(Standing standing, List<GridMember> members, int connections, long refusals) {
    /// Whether a member takes part.
    public enum Standing {
        JOINED,
        /// The ledger does not admit this node any more.
        EVICTED,
        CLOSED
    }

    public GridStatus {
        members = List.copyOf(members);
    }
}
