package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.volume.VolumeCatalogs.RECLAIMS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.StreamRules;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.lease.LeaseEntry;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.Optional;
import java.util.function.Function;

/// The rules of volumes. Immutable; confined to the apply thread by what it is given.
public final class VolumeRules {
    /// Volumes that there may be.
    public static final int VOLUMES_MAX = 200_000;

    private static final String COUNTER = "volumes";

    private final StreamRules streams;
    private final VolumeSnapshotRules snapshots;

    public VolumeRules(StreamRules streams, VolumeSnapshotRules snapshots) {
        this.streams = streams;
        this.snapshots = snapshots;
    }

    public GridReply create(
            RuleScope scope, String name, VolumeDraft draft, Optional<VolumeSnapshotKey> origin) {
        if (scope.find(VOLUMES, name).isPresent()) {
            return Refusals.exists("volume", name);
        }
        long count = scope.counter(COUNTER);
        if (count >= VOLUMES_MAX) {
            return Refusals.full("volumes", VOLUMES_MAX);
        }
        Optional<Refused> refused = whyTooFewNodes(scope, draft.profile())
                .or(() -> whyTooFewNodes(scope, draft.mapProfile()))
                .or(() -> origin.flatMap(snapshot -> snapshots.addClone(scope, snapshot, draft.sizeBytes())))
                .or(() -> whyNotMade(makeStream(scope, name, "data", draft.dataStream(), draft.profile())))
                .or(() -> whyNotMade(makeStream(scope, name, "map", draft.mapStream(), draft.mapProfile())));
        if (refused.isPresent()) {
            return refused.get();
        }
        scope.setCounter(COUNTER, count + 1);
        scope.put(VOLUMES, name, VolumeEntry.of(draft, origin, scope.timeMillis()));
        return new Accepted(scope.version());
    }

    public GridReply resize(RuleScope scope, String name, FencingToken token, long sizeBytes) {
        return asServer(scope, name, token, volume -> {
            if (sizeBytes % volume.blockBytes() != 0) {
                return Refusals.invalid(
                        "a volume's size is a multiple of its block's: " + name + " sizeBytes="
                        + sizeBytes + " blockBytes=" + volume.blockBytes());
            }
            scope.put(VOLUMES, name, volume.withSize(sizeBytes));
            return new Accepted(scope.version());
        });
    }

    public GridReply setProfile(RuleScope scope, String name, FencingToken token, Profile profile) {
        return asServer(scope, name, token, volume -> {
            Optional<Refused> refused = whyTooFewNodes(scope, profile);
            if (refused.isPresent()) {
                return refused.get();
            }
            GridReply reply = streams.setProfile(scope, volume.dataStream(), token, profile);
            if (reply instanceof Accepted) {
                scope.put(VOLUMES, name, volume.withProfile(profile));
            }
            return reply;
        });
    }

    public GridReply setPolicy(RuleScope scope, String name, VolumePolicy policy, ExpectedVersion expected) {
        return change(scope, name, expected, volume -> volume.withPolicy(policy));
    }

    public GridReply setProtection(
            RuleScope scope, String name, boolean isProtected, ExpectedVersion expected) {
        return change(scope, name, expected, volume -> volume.withProtection(isProtected));
    }

    public GridReply attach(RuleScope scope, String name, FencingToken token, String node) {
        return asServer(scope, name, token, volume -> {
            scope.put(
                    VOLUMES,
                    name,
                    volume.withAttachment(Optional.of(new Attachment(node, scope.timeMillis()))));
            return new Accepted(scope.version());
        });
    }

    public GridReply detach(RuleScope scope, String name, String node) {
        Optional<Versioned<String, VolumeEntry>> found = scope.findVersioned(VOLUMES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("volume", name);
        }
        VolumeEntry volume = found.get().value();
        if (volume.attachment().filter(where -> where.node().equals(node)).isEmpty()) {
            return new Accepted(found.get().version());
        }
        scope.put(VOLUMES, name, volume.withAttachment(Optional.empty()));
        return new Accepted(scope.version());
    }

    public GridReply delete(RuleScope scope, String name, ExpectedVersion expected) {
        Optional<Versioned<String, VolumeEntry>> found = scope.findVersioned(VOLUMES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("volume", name);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("volume", name, found);
        }
        VolumeEntry volume = found.get().value();
        Optional<Refused> refused =
                whyNotDelete(scope, name, volume).or(() -> snapshots.removeAllOf(scope, name));
        if (refused.isPresent()) {
            return refused.get();
        }
        volume.origin().ifPresent(origin -> snapshots.removeClone(scope, origin));
        ReclaimEntry reclaim = new ReclaimEntry(name, scope.timeMillis());
        scope.put(RECLAIMS, volume.dataStream(), reclaim);
        scope.put(RECLAIMS, volume.mapStream(), reclaim);
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(VOLUMES, name);
        return new Accepted(scope.version());
    }

    public GridReply finishReclaim(RuleScope scope, StreamId stream, FencingToken token) {
        if (scope.find(RECLAIMS, stream).isEmpty()) {
            return new Accepted(0);
        }
        GridReply reply = streams.delete(scope, stream, token);
        boolean isGone = reply instanceof Refused refused && refused.code() == RefusalCode.NOT_FOUND;
        if (reply instanceof Accepted || isGone) {
            scope.remove(RECLAIMS, stream);
            return new Accepted(scope.version());
        }
        return reply;
    }

    private GridReply change(
            RuleScope scope,
            String name,
            ExpectedVersion expected,
            Function<VolumeEntry, VolumeEntry> change) {
        Optional<Versioned<String, VolumeEntry>> found = scope.findVersioned(VOLUMES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("volume", name);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("volume", name, found);
        }
        scope.put(VOLUMES, name, change.apply(found.get().value()));
        return new Accepted(scope.version());
    }

    /// Does what only the serving node may: its token must not be older than any that the data's stream saw.
    static GridReply asServer(
            RuleScope scope, String name, FencingToken token, Function<VolumeEntry, GridReply> change) {
        Optional<VolumeEntry> found = scope.find(VOLUMES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("volume", name);
        }
        FencingToken newest = scope.find(ChunkCatalogs.STREAMS, found.get().dataStream())
                .map(StreamEntry::token)
                .orElse(FencingToken.ZERO);
        return newest.isAfter(token)
                ? Refusals.fenced("volume", name, token, newest)
                : change.apply(found.get());
    }

    private GridReply makeStream(
            RuleScope scope, String volume, String part, StreamId stream, Profile profile) {
        // The stream's own number is part of the name: a deleted volume's streams keep theirs for a while.
        return streams.create(scope, stream, "volume/" + volume + "/" + part + "/" + stream, profile);
    }

    private static Optional<Refused> whyNotMade(GridReply reply) {
        return reply instanceof Refused refused ? Optional.of(refused) : Optional.empty();
    }

    private static Optional<Refused> whyTooFewNodes(RuleScope scope, Profile profile) {
        int nodes = scope.find(ClusterCatalogs.CLUSTER, ClusterEntry.KEY)
                .map(ClusterEntry::nodeCount)
                .orElse(0);
        return profile.spread() == Profile.Spread.NODE && profile.fragmentCount() > nodes
                ? Optional.of(GridReply.refuse(
                        RefusalCode.INVALID,
                        "the cluster has too few nodes: profile=" + profile + " needed="
                                + profile.fragmentCount() + " nodes=" + nodes,
                        "choose a smaller profile, or one that spreads over disks"))
                : Optional.empty();
    }

    private static Optional<Refused> whyNotDelete(RuleScope scope, String name, VolumeEntry volume) {
        if (volume.isProtected()) {
            return Optional.of(
                    Refusals.wrongState("volume", name, "protected", "unprotect it first"));
        }
        if (volume.attachment().isPresent()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.IN_USE,
                    "the volume is attached: " + name + " node=" + volume.attachment().get().node(),
                    "detach it first"));
        }
        Optional<LeaseEntry> lease = scope.find(LeaseCatalogs.LEASES, VolumeEntry.leaseOf(name));
        return lease.filter(held -> held.isHeldAt(scope.timeMillis()))
                .map(held -> GridReply.refuse(
                        RefusalCode.HELD,
                        "the volume is in use: " + name + " holder=" + held.holder(),
                        "disconnect its clients first"));
    }
}
