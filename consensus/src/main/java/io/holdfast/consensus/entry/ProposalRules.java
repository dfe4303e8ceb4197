package io.holdfast.consensus.entry;

import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;

/// What a proposal must keep to before it may enter the log.
public final class ProposalRules {
    private ProposalRules() {}

    /// Throws [InvalidProposalException] if the proposal's place in its session cannot be.
    public static void requireValid(Proposal proposal) {
        if (proposal.session().equals(SessionId.NONE)) {
            return;
        }
        if (proposal.sequence() < 1) {
            throw new InvalidProposalException("a session counts from 1: sequence=" + proposal.sequence());
        }
        if (proposal.sequence() - proposal.acknowledged() > Proposal.OUTSTANDING_MAX) {
            throw new InvalidProposalException("a session has at most " + Proposal.OUTSTANDING_MAX
                    + " commands unanswered: sequence=" + proposal.sequence() + " acknowledged="
                    + proposal.acknowledged());
        }
    }
}
