package io.holdfast.node;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.node.admission.AdmissionDesk;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRequests;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// What this node does for other nodes.
///
/// @param log takes their proposals while this node leads
/// @param admission answers what they ask about joining and certificates
/// @param status this node's report, encoded
record PeerAnswers(ReplicatedLog log, AdmissionDesk admission, Supplier<byte[]> status)
        implements PeerRequests {
    @Override
    public CompletableFuture<Committed> propose(PeerId from, Proposal proposal) {
        return log.propose(proposal);
    }

    @Override
    public byte[] answer(PeerId from, PeerCall call, byte[] argument) {
        return call == PeerCall.STATUS ? status.get() : admission.answer(from, call, argument);
    }
}
