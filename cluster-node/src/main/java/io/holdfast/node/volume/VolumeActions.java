package io.holdfast.node.volume;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.volume.ChangedExtents;
import io.holdfast.hostio.volume.CheckReport;
import io.holdfast.hostio.volume.LatencyHistogram;
import io.holdfast.hostio.volume.Volume;
import io.holdfast.hostio.volume.VolumeStatistics;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiFunction;

/// What this node does with volumes that it serves. Concurrent; each action opens the family if it is not
/// open.
public final class VolumeActions {
    private static final String CHANGES_DEFAULT = "1000";

    private final String self;
    private final LedgerAccess ledger;
    private final FamilyHost families;
    private final FamilyOpener opener;
    private final VolumeClients clients;
    private final Attachments attachments;
    private final DueVolumes due;

    public VolumeActions(
            String self,
            LedgerAccess ledger,
            FamilyHost families,
            FamilyOpener opener,
            VolumeClients clients,
            Attachments attachments) {
        this.self = self;
        this.ledger = ledger;
        this.families = families;
        this.opener = opener;
        this.clients = clients;
        this.attachments = attachments;
        this.due = new DueVolumes(ledger);
    }

    /// Does it.
    ///
    /// @throws VolumeRefusedException if it cannot be done
    VolumeOutcome perform(VolumeCall call) {
        return switch (call.verb()) {
            case RESIZE -> within(call, this::resize);
            case SET_PROFILE -> within(call, this::setProfile);
            case SNAPSHOT -> within(call, this::snapshot);
            case DELETE_SNAPSHOT -> within(call, this::deleteSnapshot);
            case ROLL_BACK -> within(call, this::rollBack);
            case CLONE -> within(call, this::copy);
            case CHANGES -> within(call, this::changes);
            case DELETE -> within(call, this::delete);
            case STATISTICS -> within(call, this::statistics);
            case CHECK -> within(call, this::check);
            case LOCATE -> VolumeOutcome.done(self, 0, clients.addresses(call.volume()));
            case ATTACH -> within(call, this::attach);
            case DETACH -> detach(call);
        };
    }

    private VolumeOutcome within(VolumeCall call, BiFunction<VolumeCall, OpenFamily, VolumeOutcome> action) {
        OpenFamily family = families.enter(volume(call).family(), call.has("force"));
        try {
            return action.apply(call, family);
        } catch (OutOfRangeException invalid) {
            throw new VolumeRefusedException(RefusalCode.INVALID, String.valueOf(invalid.getMessage()), "");
        } catch (NoSuchElementException missing) {
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE,
                    "the catalog has what the volume's log has not: " + call.volume() + " "
                            + missing.getMessage(),
                    "check the volume");
        } catch (BlockDeviceException failed) {
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE, "the volume fails: " + failed.getMessage(), "");
        } catch (IllegalArgumentException invalid) {
            throw new VolumeRefusedException(RefusalCode.INVALID, String.valueOf(invalid.getMessage()), "");
        } finally {
            family.leave();
        }
    }

    private VolumeEntry volume(VolumeCall call) {
        return ledger.reader().get(VolumeCatalogs.VOLUMES, call.volume())
                .map(Versioned::value)
                .orElseThrow(() -> new VolumeRefusedException(Refusals.notFound("volume", call.volume())));
    }

    private VolumeSnapshotEntry snapshotOf(VolumeSnapshotKey key) {
        return ledger.reader().get(VolumeCatalogs.SNAPSHOTS, key)
                .map(Versioned::value)
                .orElseThrow(() -> new VolumeRefusedException(Refusals.notFound("snapshot", key)));
    }

    private static VolumeSnapshotKey snapshotKey(VolumeCall call) {
        return new VolumeSnapshotKey(call.volume(), call.argument("snapshot"));
    }

    private Accepted submit(VolumeCall call, GridCommand command) {
        GridReply reply = ledger.submit(call.envelope(command));
        return switch (reply) {
            case Accepted accepted -> accepted;
            case Refused refused -> throw new VolumeRefusedException(refused);
        };
    }

    private VolumeOutcome resize(VolumeCall call, OpenFamily family) {
        due.settle(family, call.volume(), () -> clients.count(call.volume()));
        VolumeEntry entry = volume(call);
        long bytes = Long.parseLong(call.argument("sizeBytes"));
        Volume device = family.store().volume(entry.member());
        if (bytes < device.sizeBytes() && !call.has("shrink")) {
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE,
                    "what lies beyond the new size would be lost: " + call.volume() + " sizeBytes="
                            + device.sizeBytes() + " newSizeBytes=" + bytes,
                    "say shrink if that is meant");
        }
        device.resize(bytes);
        Accepted accepted = submit(call, new VolumeCommand.Resize(call.volume(), family.token(), bytes));
        return VolumeOutcome.done(self, accepted.version(), Map.of("sizeBytes", bytes));
    }

    private VolumeOutcome setProfile(VolumeCall call, OpenFamily family) {
        ErasureProfile coded = ErasureProfile.parse(call.argument("profile"));
        Profile profile = new Profile(
                coded.dataStrips(), coded.parityStrips(), volume(call).profile().spread());
        Accepted accepted =
                submit(call, new VolumeCommand.SetProfile(call.volume(), family.token(), profile));
        family.store().use(FamilyOpener.options(volume(call)));
        return VolumeOutcome.done(self, accepted.version(), Map.of("profile", profile.toString()));
    }

    private VolumeOutcome snapshot(VolumeCall call, OpenFamily family) {
        VolumeSnapshotKey key = snapshotKey(call);
        if (ledger.reader().get(VolumeCatalogs.SNAPSHOTS, key).isPresent()) {
            throw new VolumeRefusedException(Refusals.exists("snapshot", key));
        }
        family.beginNaming();
        int number = family.store().snapshot(volume(call).member());
        try {
            Accepted accepted = submit(call, new VolumeCommand.AddSnapshot(key, family.token(), number));
            family.endNaming();
            return VolumeOutcome.done(self, accepted.version(), Map.of(
                    "snapshot", key.toString(), "number", number, "token", family.token().value()));
        } catch (VolumeRefusedException refused) {
            family.store().deleteSnapshot(number);
            family.endNaming();
            throw refused;
        }
    }

    private VolumeOutcome deleteSnapshot(VolumeCall call, OpenFamily family) {
        VolumeSnapshotKey key = snapshotKey(call);
        VolumeSnapshotEntry snapshot = snapshotOf(key);
        Accepted accepted = submit(call, new VolumeCommand.DeleteSnapshot(key, family.token()));
        family.store().deleteSnapshot(snapshot.number());
        return VolumeOutcome.done(self, accepted.version(), Map.of("snapshot", key.toString()));
    }

    private VolumeOutcome changes(VolumeCall call, OpenFamily family) {
        VolumeSnapshotKey key = snapshotKey(call);
        VolumeSnapshotEntry newer = snapshotOf(key);
        VolumeSnapshotEntry older = snapshotOf(new VolumeSnapshotKey(call.volume(), call.argument("since")));
        long offset = Long.parseLong(call.arguments().getOrDefault("offset", "0"));
        int count = Integer.parseInt(call.arguments().getOrDefault("count", CHANGES_DEFAULT));
        ChangedExtents changed =
                family.store().changes(older.number(), newer.number(), offset, count);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("snapshot", key.toString());
        facts.put("since", call.argument("since"));
        facts.put("extents", changed.extents().stream().map(VolumeActions::facts).toList());
        if (changed.nextOffset() < newer.sizeBytes()) {
            facts.put("nextOffset", changed.nextOffset());
        }
        return VolumeOutcome.done(self, 0, facts);
    }

    private static Map<String, Object> facts(Extent extent) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("offset", extent.offset());
        facts.put("length", extent.length());
        facts.put("isZero", extent.kind() == Extent.Kind.HOLE);
        return facts;
    }

    private VolumeOutcome rollBack(VolumeCall call, OpenFamily family) {
        VolumeSnapshotKey key = snapshotKey(call);
        VolumeSnapshotEntry snapshot = snapshotOf(key);
        clients.requireNone(call.volume(), call.has("force"));
        family.store().rollBack(volume(call).member(), snapshot.number());
        Accepted accepted = submit(call, new VolumeCommand.RollBack(key, family.token()));
        return VolumeOutcome.done(self, accepted.version(), Map.of("snapshot", key.toString()));
    }

    private VolumeOutcome copy(VolumeCall call, OpenFamily family) {
        VolumeSnapshotKey key = snapshotKey(call);
        String name = call.argument("clone");
        if (ledger.reader().get(VolumeCatalogs.VOLUMES, name).isPresent()) {
            throw new VolumeRefusedException(Refusals.exists("volume", name));
        }
        int member = family.store().clone(snapshotOf(key).number());
        try {
            Accepted accepted =
                    submit(call, new VolumeCommand.CreateClone(name, key, family.token(), member));
            return VolumeOutcome.done(self, accepted.version(), Map.of("volume", name));
        } catch (VolumeRefusedException refused) {
            family.store().delete(member);
            throw refused;
        }
    }

    private VolumeOutcome delete(VolumeCall call, OpenFamily family) {
        VolumeEntry entry = volume(call);
        clients.requireNone(call.volume(), call.has("force"));
        Map<String, VolumeSnapshotEntry> snapshots = opener.snapshots(call.volume());
        ExpectedVersion expected = Optional.ofNullable(call.arguments().get("expected"))
                .map(version -> ExpectedVersion.of(Long.parseLong(version)))
                .orElse(ExpectedVersion.ANY);
        Accepted accepted =
                submit(call, new VolumeCommand.Delete(call.volume(), family.token(), expected));
        if (opener.volumes(family.stream()).isEmpty()) {
            families.end(family, "its last volume was deleted");
        } else {
            snapshots.values().forEach(snapshot -> family.store().deleteSnapshot(snapshot.number()));
            family.store().delete(entry.member());
        }
        return VolumeOutcome.done(self, accepted.version(), Map.of("volume", call.volume()));
    }

    private VolumeOutcome statistics(VolumeCall call, OpenFamily family) {
        VolumeEntry entry = volume(call);
        Volume device = family.store().volume(entry.member());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("servedBy", self);
        facts.put("clients", clients.count(call.volume()));
        facts.put("sizeBytes", device.sizeBytes());
        facts.put("reads", device.counters().reads());
        facts.put("readBytes", device.counters().readBytes());
        facts.put("writes", device.counters().writes());
        facts.put("writtenBytes", device.counters().writtenBytes());
        facts.put("clearedBytes", device.counters().clearedBytes());
        facts.put("flushes", device.counters().flushes());
        facts.put("readLatency", facts(device.counters().readLatency()));
        facts.put("writeLatency", facts(device.counters().writeLatency()));
        facts.put("flushLatency", facts(device.counters().flushLatency()));
        facts.put("family", facts(family));
        return VolumeOutcome.done(self, 0, facts);
    }

    private static Map<String, Object> facts(LatencyHistogram latency) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("count", latency.count());
        facts.put("p50Micros", Math.round(latency.micros(0.5)));
        facts.put("p99Micros", Math.round(latency.micros(0.99)));
        facts.put("p999Micros", Math.round(latency.micros(0.999)));
        facts.put("longestMicros", Math.round(latency.longestMicros()));
        return facts;
    }

    /// What a volume shares with its clones.
    private Map<String, Object> facts(OpenFamily family) {
        VolumeStatistics known = family.store().statistics();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("usefulBytes", known.usefulBytes());
        facts.put("storedBytes", known.storedBytes());
        facts.put("formerProfileBytes", known.formerProfileBytes());
        facts.put("chunks", known.chunks());
        facts.put("chunksAtRisk", chunksAtRisk(family));
        facts.put("loggedBytes", known.loggedBytes());
        facts.put("movedBytes", known.movedBytes());
        facts.put("writeAmplification", Math.round(known.writeAmplification() * 100) / 100.0);
        facts.put("releasedChunks", known.releasedChunks());
        facts.put("chunkSwitches", known.chunkSwitches());
        facts.put("longestStallMillis", known.longestStallMillis());
        facts.put("rowsReplayed", known.rowsReplayed());
        return facts;
    }

    private long chunksAtRisk(OpenFamily family) {
        return ChunkIndexes.atRisk(ledger.state(), Optional.empty(), Integer.MAX_VALUE).stream()
                .filter(chunk -> StreamId.of(chunk).equals(family.stream()))
                .count();
    }

    private VolumeOutcome check(VolumeCall call, OpenFamily family) {
        CheckReport report = family.store().check(call.has("deep"));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("isClean", report.isClean());
        facts.put("blocksChecked", report.blocksChecked());
        facts.put("chunksChecked", report.chunksChecked());
        facts.put("longestPauseMillis", report.longestPauseMillis());
        facts.put("findings", report.findings().stream().map(VolumeActions::text).toList());
        return VolumeOutcome.done(self, 0, facts);
    }

    static String text(CheckReport.Finding finding) {
        return finding.kind() + " generation=" + finding.generation() + " block=" + finding.block()
                + " place=" + finding.place();
    }

    private VolumeOutcome attach(VolumeCall call, OpenFamily family) {
        Optional<VolumeSnapshotKey> asOf = Optional.ofNullable(call.arguments().get("asOf"))
                .map(name -> new VolumeSnapshotKey(call.volume(), name));
        if (asOf.isPresent()) {
            attachments.detach(call.volume());
            clients.requireNone(call.volume(), false);
            makeAsOf(family, asOf.get(), call.has("rollBack"));
        } else {
            due.settle(family, call.volume(), () -> clients.count(call.volume()));
        }
        Accepted accepted =
                submit(call, new VolumeCommand.Attach(call.volume(), family.token(), self));
        String device = attachments.attach(call.volume());
        // From here on nobody else gets in between: the device is there, and who has it may look again.
        if (asOf.isPresent() && !due.isAsOf(family, asOf.get())) {
            throw writtenSince(asOf.get());
        }
        return VolumeOutcome.done(self, accepted.version(), Map.of("device", device, "node", self));
    }

    /// @param rollsBack whether the caller knows that what was written since is of no value
    private void makeAsOf(OpenFamily family, VolumeSnapshotKey key, boolean rollsBack) {
        if (rollsBack) {
            due.rollBack(family, ledger.reader().get(VolumeCatalogs.VOLUMES, key.volume())
                    .map(Versioned::value)
                    .orElseThrow(() -> new VolumeRefusedException(
                            Refusals.notFound("volume", key.volume()))), key);
        } else if (!due.makeAsOf(family, key)) {
            throw writtenSince(key);
        }
    }

    private static VolumeRefusedException writtenSince(VolumeSnapshotKey key) {
        return new VolumeRefusedException(
                RefusalCode.VERSION_MISMATCH, "the volume was written to since: " + key, "");
    }

    private VolumeOutcome detach(VolumeCall call) {
        attachments.detach(call.volume());
        Accepted accepted = submit(call, new VolumeCommand.Detach(call.volume(), self));
        return VolumeOutcome.done(self, accepted.version(), Map.of("node", self));
    }
}
