package io.holdfast.consensus.membership;

import io.holdfast.consensus.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The participants of a group. Concurrent. Changes are made at the leader, one at a time; each completes
/// when the new configuration is committed, or exceptionally with a `ConsensusException`.
public interface Membership {
    /// The committed configuration as this peer knows it, voters first.
    List<GroupPeer> peers();

    /// Replaces the whole configuration: adds, removes, promotes, demotes and rewrites priorities in one
    /// step.
    CompletableFuture<Void> change(List<GroupPeer> peers);

    /// Hands leadership over by giving the voter the highest priority; completes when it leads.
    CompletableFuture<Void> transferLeadership(PeerId voter);
}
