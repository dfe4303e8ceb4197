package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.volume.VolumeCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of volumes' snapshots. Immutable; confined to the apply thread by what it is given.
public final class VolumeSnapshotRules {
    /// Snapshots of one volume: deleting it removes them in one command.
    public static final int SNAPSHOTS_MAX = 1_000;

    public GridReply add(RuleScope scope, VolumeSnapshotKey key, FencingToken token, int number) {
        return VolumeRules.asServer(scope, key.volume(), token, volume -> {
            Optional<Versioned<VolumeSnapshotKey, VolumeSnapshotEntry>> found =
                    scope.findVersioned(SNAPSHOTS, key);
            if (found.isPresent()) {
                return found.get().value().number() == number
                        ? new Accepted(found.get().version())
                        : Refusals.exists("snapshot", key);
            }
            if (volume.snapshotCount() >= SNAPSHOTS_MAX) {
                return Refusals.full("snapshots of one volume", SNAPSHOTS_MAX);
            }
            scope.put(VOLUMES, key.volume(), volume.withSnapshots(volume.snapshotCount() + 1));
            scope.put(
                    SNAPSHOTS,
                    key,
                    new VolumeSnapshotEntry(
                            number, volume.sizeBytes(), scope.timeMillis(), false, Optional.empty()));
            return new Accepted(scope.version());
        });
    }

    public GridReply delete(RuleScope scope, VolumeSnapshotKey key, FencingToken token) {
        return VolumeRules.asServer(scope, key.volume(), token, volume -> {
            Optional<VolumeSnapshotEntry> found = scope.find(SNAPSHOTS, key);
            if (found.isEmpty()) {
                return Refusals.notFound("snapshot", key);
            }
            Optional<Refused> refused = whyKept(key, found.get());
            if (refused.isPresent()) {
                return refused.get();
            }
            scope.put(VOLUMES, key.volume(), volume.withSnapshots(volume.snapshotCount() - 1));
            scope.remove(SNAPSHOTS, key);
            return new Accepted(scope.version());
        });
    }

    public GridReply setProtection(
            RuleScope scope, VolumeSnapshotKey key, boolean isProtected, ExpectedVersion expected) {
        Optional<Versioned<VolumeSnapshotKey, VolumeSnapshotEntry>> found =
                scope.findVersioned(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("snapshot", key, found);
        }
        scope.put(SNAPSHOTS, key, found.get().value().withProtection(isProtected));
        return new Accepted(scope.version());
    }

    public GridReply rollBack(RuleScope scope, VolumeSnapshotKey key, FencingToken token) {
        return VolumeRules.asServer(scope, key.volume(), token, volume -> {
            Optional<VolumeSnapshotEntry> found = scope.find(SNAPSHOTS, key);
            if (found.isEmpty()) {
                return Refusals.notFound("snapshot", key);
            }
            scope.put(
                    VOLUMES, key.volume(),
                    volume.withSize(found.get().sizeBytes()).withAsOf(Optional.empty()));
            return new Accepted(scope.version());
        });
    }

    /// Removes all snapshots of a volume, or says which one has to stay.
    Optional<Refused> removeAllOf(RuleScope scope, String volume) {
        List<VolumeSnapshotKey> keys = new ArrayList<>();
        byte[] prefix = (volume + "/").getBytes(UTF_8);
        scope.scan(SNAPSHOTS, prefix, (key, _) -> {
            keys.add(SNAPSHOTS.keyForm().decode(key));
            return true;
        });
        for (VolumeSnapshotKey key : keys) {
            Optional<Refused> refused = scope.find(SNAPSHOTS, key).flatMap(entry -> whyKept(key, entry));
            if (refused.isPresent()) {
                return refused;
            }
            scope.remove(SNAPSHOTS, key);
        }
        return Optional.empty();
    }

    private static Optional<Refused> whyKept(VolumeSnapshotKey key, VolumeSnapshotEntry entry) {
        if (entry.heldBy().isPresent()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.IN_USE,
                    "it belongs to a snapshot of an application: " + key + " snapshot="
                            + entry.heldBy().get(),
                    "delete that one, and this goes with it"));
        }
        return entry.isProtected()
                ? Optional.of(Refusals.wrongState("snapshot", key, "protected", "unprotect it first"))
                : Optional.empty();
    }
}
