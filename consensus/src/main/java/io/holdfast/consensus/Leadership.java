package io.holdfast.consensus;

import java.util.Optional;

/// What a peer knows about who leads its group. Immutable; a newer one replaces it.
///
/// @param term the newest term seen
/// @param leader the leader of that term, if one is known
/// @param self this peer
/// @param role this peer's part
public record Leadership(Term term, Optional<PeerId> leader, PeerId self, Role role) {
    /// A peer's part in its group.
    public enum Role {
        LEADER,
        CANDIDATE,
        /// A voter that follows.
        VOTER,
        /// Stores and applies the ledger but does not vote.
        FOLLOWER,
        /// Not part of the group (not yet, or no longer).
        OUTSIDER
    }

    public boolean isLeader() {
        return role == Role.LEADER;
    }
}
