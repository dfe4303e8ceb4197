package io.holdfast.node.ledger;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import java.util.concurrent.CompletableFuture;

/// Brings a proposal to another node's log. Completes as `ReplicatedLog.propose` does there, or with
/// `OutcomeUnknownException` when the connection broke after sending.
@FunctionalInterface
public interface LeaderLink {
    CompletableFuture<Committed> propose(PeerId leader, Proposal proposal);
}
