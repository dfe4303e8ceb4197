package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.volume.VolumeCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rules of volumes' snapshots that belong to snapshots of applications: they come and go with these, in
/// one command. Immutable; confined to the apply thread by what it is given.
public final class HeldSnapshotRules {
    /// Begins the names that they are given.
    public static final String NAME_PREFIX = "cut.";

    private static final int RADIX = 36;

    /// Why not all versions can be held; nothing is changed.
    public Optional<Refused> whyNotHeld(RuleScope scope, List<VolumePin> pins) {
        Set<String> volumes = new HashSet<>();
        for (VolumePin pin : pins) {
            if (!volumes.add(pin.volume())) {
                return Optional.of(Refusals.invalid("a volume stands twice: " + pin.volume()));
            }
            GridReply reply = VolumeRules.asServer(scope, pin.volume(), pin.token(), volume ->
                    volume.snapshotCount() >= VolumeSnapshotRules.SNAPSHOTS_MAX
                            ? Refusals.full("snapshots of one volume", VolumeSnapshotRules.SNAPSHOTS_MAX)
                            : new Accepted(scope.version()));
            if (reply instanceof Refused refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    /// Gives versions names that belong to a snapshot of an application. One that has a name of its own
    /// already keeps it.
    public List<VolumeSnapshotKey> hold(RuleScope scope, List<VolumePin> pins, String holder) {
        List<VolumeSnapshotKey> held = new ArrayList<>();
        for (VolumePin pin : pins) {
            VolumeEntry volume = scope.find(VOLUMES, pin.volume())
                    .orElseThrow(() -> new IllegalStateException("looked at before: pin=" + pin));
            Optional<Map.Entry<VolumeSnapshotKey, VolumeSnapshotEntry>> named = named(scope, pin);
            VolumeSnapshotKey key = named.map(Map.Entry::getKey).orElseGet(() -> new VolumeSnapshotKey(
                    pin.volume(), NAME_PREFIX + Long.toString(scope.version(), RADIX)));
            VolumeSnapshotEntry entry = named.map(Map.Entry::getValue).orElseGet(() ->
                    new VolumeSnapshotEntry(
                            pin.number(), volume.sizeBytes(), scope.timeMillis(), false, Optional.empty()));
            Optional<AsOf> asOf = pin.isAtRest()
                    ? Optional.of(new AsOf(key.name(), scope.version()))
                    : volume.asOf();
            scope.put(SNAPSHOTS, key, entry.withHolder(Optional.of(holder)));
            scope.put(
                    VOLUMES, pin.volume(),
                    volume.withSnapshots(volume.snapshotCount() + (named.isPresent() ? 0 : 1))
                            .withAsOf(asOf));
            held.add(key);
        }
        return List.copyOf(held);
    }

    private static Optional<Map.Entry<VolumeSnapshotKey, VolumeSnapshotEntry>> named(
            RuleScope scope, VolumePin pin) {
        List<VolumeSnapshotKey> keys = new ArrayList<>();
        scope.scan(SNAPSHOTS, (pin.volume() + "/").getBytes(UTF_8), (key, _) -> {
            keys.add(SNAPSHOTS.keyForm().decode(key));
            return true;
        });
        for (VolumeSnapshotKey key : keys) {
            Optional<VolumeSnapshotEntry> entry = scope.find(SNAPSHOTS, key)
                    .filter(known -> known.number() == pin.number() && known.heldBy().isEmpty());
            if (entry.isPresent()) {
                return Optional.of(Map.entry(key, entry.get()));
            }
        }
        return Optional.empty();
    }

    /// Removes them, for their holder goes. Whoever serves the volumes drops the versions.
    public void letGo(RuleScope scope, List<VolumeSnapshotKey> keys, String holder) {
        for (VolumeSnapshotKey key : keys) {
            boolean isHeld = scope.find(SNAPSHOTS, key)
                    .filter(entry -> entry.heldBy().equals(Optional.of(holder)))
                    .isPresent();
            if (isHeld) {
                scope.remove(SNAPSHOTS, key);
                scope.find(VOLUMES, key.volume()).ifPresent(volume -> scope.put(
                        VOLUMES, key.volume(),
                        volume.withSnapshots(volume.snapshotCount() - 1)
                                .withAsOf(volume.isToBe(key) ? Optional.empty() : volume.asOf())));
            }
        }
    }

    /// Why the volumes cannot be made what they were; nothing is changed.
    ///
    /// @param rollsBack whether what was written since may be lost
    public Optional<Refused> whyNotAsOf(RuleScope scope, List<VolumeSnapshotKey> keys, boolean rollsBack) {
        List<String> written = new ArrayList<>();
        for (VolumeSnapshotKey key : keys) {
            Optional<VolumeEntry> volume = scope.find(VOLUMES, key.volume());
            if (volume.isEmpty() || scope.find(SNAPSHOTS, key).isEmpty()) {
                return Optional.of(Refusals.notFound("snapshot of a volume", key));
            }
            if (!volume.get().isToBe(key)) {
                written.add(key.volume());
            }
        }
        return rollsBack || written.isEmpty()
                ? Optional.empty()
                : Optional.of(GridReply.refuse(
                        RefusalCode.FORBIDDEN_STATE,
                        "it goes back with its volumes, and what was written to them since would be lost:"
                                + " volumes=" + String.join(",", written),
                        "keep it with 'holdfast volume snapshot', then say --roll-back-volumes"));
    }

    /// The volumes are to be what they were, before anybody uses them again.
    public void makeAsOf(RuleScope scope, List<VolumeSnapshotKey> keys) {
        for (VolumeSnapshotKey key : keys) {
            scope.find(VOLUMES, key.volume()).ifPresent(volume -> scope.put(
                    VOLUMES, key.volume(),
                    volume.withAsOf(Optional.of(new AsOf(key.name(), scope.version())))));
        }
    }

    /// What is written to the volume counts again.
    public GridReply goOn(RuleScope scope, String name, FencingToken token, long asOfVersion) {
        return VolumeRules.asServer(scope, name, token, volume -> {
            boolean isAsSaid = volume.asOf().filter(due -> due.sinceVersion() == asOfVersion).isPresent();
            if (!isAsSaid) {
                return GridReply.refuse(
                        RefusalCode.FORBIDDEN_STATE,
                        "the volume was used or rolled back meanwhile: " + name + " asOf="
                                + volume.asOf().map(AsOf::toString).orElse("none"));
            }
            scope.put(VOLUMES, name, volume.withAsOf(Optional.empty()));
            return new Accepted(scope.version());
        });
    }
}
