package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.volume.VolumeCatalogs.RECLAIMS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.StreamRules;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The rules of volumes. Immutable; confined to the apply thread by what it is given.
public final class VolumeRules {
    /// Volumes that there may be.
    public static final int VOLUMES_MAX = 200_000;

    private static final String COUNTER = "volumes";

    public static List<Keyspace> indexes() {
        return VolumeIndexes.ALL;
    }

    private final StreamRules streams;
    private final VolumeSnapshotRules snapshots;

    public VolumeRules(StreamRules streams, VolumeSnapshotRules snapshots) {
        this.streams = streams;
        this.snapshots = snapshots;
    }

    public GridReply create(RuleScope scope, String name, VolumeDraft draft) {
        Optional<Refused> refused = whyNoOther(scope, name)
                .or(() -> whyTooFewNodes(scope, draft.profile()))
                .or(() -> whyNotMade(streams.create(
                        scope,
                        draft.family(),
                        // With its own number, since a deleted family's stream keeps its name for a while.
                        "volume/" + name + "/" + draft.family(),
                        draft.profile())));
        return refused.isPresent()
                ? refused.get()
                : add(scope, name, VolumeEntry.first(draft, scope.timeMillis()));
    }

    public GridReply createClone(
            RuleScope scope, String name, VolumeSnapshotKey origin, FencingToken token, int member) {
        return asServer(scope, origin.volume(), token, volume -> {
            Optional<VolumeSnapshotEntry> snapshot = scope.find(SNAPSHOTS, origin);
            if (snapshot.isEmpty()) {
                return Refusals.notFound("snapshot", origin);
            }
            Optional<Versioned<String, VolumeEntry>> before = scope.findVersioned(VOLUMES, name);
            if (before.filter(known -> isSame(known.value(), volume.family(), member)).isPresent()) {
                return new Accepted(before.get().version());
            }
            if (VolumeIndexes.has(scope, volume.family(), member)) {
                return Refusals.exists("member of a family", volume.family() + "/" + member);
            }
            return whyNoOther(scope, name).<GridReply>map(refused -> refused).orElseGet(() -> add(
                    scope,
                    name,
                    volume.cloned(member, origin, snapshot.get().sizeBytes(), scope.timeMillis())));
        });
    }

    private static boolean isSame(VolumeEntry volume, StreamId family, int member) {
        return volume.family().equals(family) && volume.member() == member;
    }

    private static Optional<Refused> whyNoOther(RuleScope scope, String name) {
        if (scope.find(VOLUMES, name).isPresent()) {
            return Optional.of(Refusals.exists("volume", name));
        }
        return scope.counter(COUNTER) >= VOLUMES_MAX
                ? Optional.of(Refusals.full("volumes", VOLUMES_MAX))
                : Optional.empty();
    }

    private static GridReply add(RuleScope scope, String name, VolumeEntry volume) {
        scope.setCounter(COUNTER, scope.counter(COUNTER) + 1);
        VolumeIndexes.add(scope, volume.family(), volume.member(), name);
        scope.put(VOLUMES, name, volume);
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
            GridReply reply = streams.setProfile(scope, volume.family(), token, profile);
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

    public GridReply delete(RuleScope scope, String name, FencingToken token, ExpectedVersion expected) {
        return asServer(scope, name, token, volume -> {
            if (!expected.isMetBy(scope.findVersioned(VOLUMES, name))) {
                return Refusals.mismatch("volume", name, scope.findVersioned(VOLUMES, name));
            }
            Optional<Refused> refused =
                    whyNotDelete(name, volume).or(() -> snapshots.removeAllOf(scope, name));
            if (refused.isPresent()) {
                return refused.get();
            }
            scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
            VolumeIndexes.remove(scope, volume.family(), volume.member());
            scope.remove(VOLUMES, name);
            if (!VolumeIndexes.hasAny(scope, volume.family())) {
                scope.put(RECLAIMS, volume.family(), new ReclaimEntry(name, scope.timeMillis()));
            }
            return new Accepted(scope.version());
        });
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

    /// Does what only the serving node may: its token must not be older than any that the family's stream
    /// saw.
    static GridReply asServer(
            RuleScope scope, String name, FencingToken token, Function<VolumeEntry, GridReply> change) {
        Optional<VolumeEntry> found = scope.find(VOLUMES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("volume", name);
        }
        FencingToken newest = scope.find(ChunkCatalogs.STREAMS, found.get().family())
                .map(StreamEntry::token)
                .orElse(FencingToken.ZERO);
        return newest.isAfter(token)
                ? Refusals.fenced("volume", name, token, newest)
                : change.apply(found.get());
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

    private static Optional<Refused> whyNotDelete(String name, VolumeEntry volume) {
        if (volume.isProtected()) {
            return Optional.of(Refusals.wrongState("volume", name, "protected", "unprotect it first"));
        }
        return volume.attachment().map(attachment -> GridReply.refuse(
                RefusalCode.IN_USE,
                "the volume is attached: " + name + " node=" + attachment.node(),
                "detach it first"));
    }
}
