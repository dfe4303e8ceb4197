package io.holdfast.node;

import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.node.blob.BlobReferences;
import io.holdfast.node.blob.BlobSweeper;
import io.holdfast.node.blob.BlobVolumes;
import io.holdfast.node.blob.StripedBlobs;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.NodeRoster;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Blobs on this node: what it puts, reads and looks after.
///
/// @param ground what they stand on
/// @param blobs the cluster's blobs
/// @param roster the cluster's nodes
/// @param leads whether this node leads now
record BlobParts(
        StripedBlobs.Ground ground, StripedBlobs blobs, NodeRoster roster, BooleanSupplier leads) {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

    static BlobParts open(
            OpenParts parts,
            String self,
            IdentityParts identity,
            Below below,
            VolumeParts volumes) {
        NodeRoster roster = identity.roster();
        LedgerAccess access = new LedgerAccess(
                self, below.ledger().log(), below.ledger().reader(), below.links().commands());
        StripedBlobs.Ground ground = new StripedBlobs.Ground(
                self, access, volumes.families(), volumes.runtime(), AppParts.calls(below.links().links()),
                access.clock());
        BlobVolumes catalog = new BlobVolumes(
                access,
                () -> VolumeParts.numberOf(roster, self),
                () -> countOfHolders(roster),
                new SecureRandom());
        StripedBlobs blobs =
                parts.open("blobs", CLOSE_WITHIN, () -> StripedBlobs.open(ground, catalog));
        return new BlobParts(ground, blobs, roster, () -> below.ledger().log().leadership().isLeader());
    }

    /// The ledger, and the links to other nodes.
    record Below(LedgerParts ledger, LinkParts links) {}

    /// From now on blobs are deleted that nothing refers to.
    ///
    /// @param references of every catalog that refers to blobs
    void keepSwept(OpenParts parts, List<BlobReferences> references) {
        BlobSweeper sweeper = new BlobSweeper(ground, blobs, references, this::isMine);
        VolumeParts.keep(parts, "blob-space", SWEEP_EVERY, sweeper::step);
    }

    /// A node looks after its own volume, the leader after those of nodes that never come back.
    private boolean isMine(int node) {
        boolean isOwn = VolumeParts.numberOf(roster, ground.self()).stream().anyMatch(own -> own == node);
        Collection<NodeEntry> members = roster.picture().members().values();
        boolean isGone = !members.isEmpty() && members.stream().noneMatch(each -> each.number() == node);
        return isOwn || (isGone && leads.getAsBoolean());
    }

    private static int countOfHolders(NodeRoster roster) {
        int count = 0;
        for (NodeEntry node : roster.picture().members().values()) {
            count += node.state() instanceof NodeState.Joined ? 1 : 0;
        }
        return count;
    }
}
