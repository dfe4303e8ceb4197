package io.holdfast.node.peerlink;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;

import java.util.concurrent.CompletableFuture;

/// What a node does for other nodes.
public interface PeerRequests {
    /// Proposes to this node's own log. Called on an event loop: must not block.
    CompletableFuture<Committed> propose(PeerId from, Proposal proposal);

    /// Answers a call; throws [PeerRefusedException] or a `ConsensusException` to refuse it. Called
    /// on a virtual thread of its own, at most [#CALL_COUNT_MAX] at a time per connection: may
    /// block.
    byte[] answer(PeerId from, PeerCall call, byte[] argument);

    int CALL_COUNT_MAX = 64;
}
