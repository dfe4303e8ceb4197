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
/// @param starts remembers when they start
/// @param admission answers what they ask about joining and certificates
/// @param status this node's report, encoded
/// @param apps answers what they ask about applications and snapshots
/// @param volumes what it answers about disks and volumes
/// @param blobs what it answers about blobs
record PeerAnswers(
        ReplicatedLog log,
        StartCheck starts,
        AdmissionDesk admission,
        Supplier<byte[]> status,
        AppParts apps,
        VolumeParts volumes,
        BlobParts blobs)
        implements PeerRequests {
    @Override
    public CompletableFuture<Committed> propose(PeerId from, Proposal proposal) {
        return log.propose(proposal);
    }

    @Override
    public byte[] answer(PeerId from, PeerCall call, byte[] argument) {
        return switch (call) {
            case STATUS -> status.get();
            case STARTED -> starts.answer(from, argument);
            case STORAGE_KEY, APPLICATION, STARTS, FROZEN -> apps.answer(call, argument);
            case DISKS -> volumes.disksReport();
            case SERVED_VOLUMES, EXAMINE, TRENDS -> volumes.survey().answer(call);
            case BLOB_PLACES -> blobs.blobs().answer(argument);
            case VOLUME -> volumes.desk().answer(argument);
            case JOIN, RENEW, AUTHORITY, SIGN_USER -> admission.answer(from, call, argument);
        };
    }
}
