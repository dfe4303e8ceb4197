package io.holdfast.node.mount;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.Attachment;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.VolumeCall;
import io.holdfast.node.volume.VolumeDesk;
import io.holdfast.node.volume.VolumeOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Volumes as devices of this very host, taken over from where nobody uses them. Concurrent; blocks.
final class VolumeDevices {
    /// As long as a dead node's lease may still have to run.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String FORCE = "force";
    private static final String AS_OF = "asOf";
    private static final String ROLL_BACK = "rollBack";

    private final String self;
    private final LedgerAccess ledger;
    private final VolumeDesk desk;
    private final InstantSource clock;

    VolumeDevices(String self, LedgerAccess ledger, VolumeDesk desk, InstantSource clock) {
        this.self = self;
        this.ledger = ledger;
        this.desk = desk;
        this.clock = clock;
    }

    /// Makes a volume a device of this host.
    Path attach(String volume) throws StartFailedException {
        return device(volume, attach(volume, Map.of()));
    }

    /// Makes a volume a device of this host as it was at a snapshot; empty if something was written since
    /// that may count.
    ///
    /// @param rollsBack whether it is known that nothing does
    Optional<Path> attachAsOf(VolumeSnapshotKey snapshot, boolean rollsBack) throws StartFailedException {
        Map<String, String> arguments = Map.of(AS_OF, snapshot.name(), ROLL_BACK, String.valueOf(rollsBack));
        VolumeOutcome outcome = attach(snapshot.volume(), arguments);
        boolean isWritten = outcome.refusal()
                .filter(refusal -> refusal.code() == RefusalCode.VERSION_MISMATCH)
                .isPresent();
        return isWritten ? Optional.empty() : Optional.of(device(snapshot.volume(), outcome));
    }

    private static Path device(String volume, VolumeOutcome outcome) throws StartFailedException {
        if (outcome.refusal().isPresent()) {
            throw new StartFailedException("the volume cannot be attached: volume=" + volume + " reason="
                    + outcome.refusal().get().message());
        }
        return Path.of(String.valueOf(outcome.facts().get("device")));
    }

    private VolumeOutcome attach(String volume, Map<String, String> arguments) throws StartFailedException {
        ledger.barrier();
        VolumeEntry entry = ledger.reader().get(VolumeCatalogs.VOLUMES, volume)
                .map(Versioned::value)
                .orElseThrow(() -> new StartFailedException("there is no such volume: volume=" + volume));
        Optional<String> elsewhere =
                entry.attachment().map(Attachment::node).filter(node -> !node.equals(self));
        if (elsewhere.filter(this::isHost).isPresent()) {
            throw new StartFailedException("the volume is attached to another node: volume=" + volume
                    + " node=" + elsewhere.get());
        }
        VolumeOutcome outcome = attachHere(volume, arguments, elsewhere.isPresent());
        boolean isServedElsewhere = outcome.refusal()
                .filter(refusal -> refusal.code() == RefusalCode.HELD)
                .isPresent();
        if (isServedElsewhere) {
            requireNoClients(volume);
            outcome = attachHere(volume, arguments, true);
        }
        return outcome;
    }

    private VolumeOutcome attachHere(String volume, Map<String, String> arguments, boolean isForced) {
        Map<String, String> all = new HashMap<>(arguments);
        all.put(FORCE, String.valueOf(isForced));
        return desk.performHere(call(VolumeCall.Verb.ATTACH, volume, all));
    }

    /// Makes a volume that begins as a snapshot of another, and a snapshot of it; one that was made so
    /// before is taken.
    VolumePin copy(VolumeSnapshotKey from, String volume) throws StartFailedException {
        ledger.barrier();
        Optional<VolumeEntry> before = ledger.reader().get(VolumeCatalogs.VOLUMES, volume)
                .map(Versioned::value);
        if (before.isEmpty()) {
            done(desk.perform(call(VolumeCall.Verb.CLONE, from.volume(),
                    Map.of("snapshot", from.name(), "clone", volume)), PATIENCE));
        } else if (!before.get().origin().equals(Optional.of(from)) || before.get().snapshotCount() > 0) {
            throw new StartFailedException("there is another volume of this name: volume=" + volume);
        }
        VolumeOutcome kept = done(desk.perform(
                call(VolumeCall.Verb.SNAPSHOT, volume, Map.of("snapshot", "origin")), PATIENCE));
        return new VolumePin(
                volume,
                new FencingToken(((Number) kept.facts().getOrDefault("token", 0)).longValue()),
                ((Number) kept.facts().getOrDefault("number", 0)).intValue(),
                true);
    }

    private static VolumeOutcome done(VolumeOutcome outcome) throws StartFailedException {
        if (outcome.refusal().isPresent()) {
            throw new StartFailedException("the volume cannot be copied: reason="
                    + outcome.refusal().get().message());
        }
        return outcome;
    }

    /// Whether a node holds its lease as a host of applications: what runs there may still go on.
    private boolean isHost(String node) {
        return ledger.reader().get(LeaseCatalogs.LEASES, PlacementEntry.leaseOf(node))
                .filter(lease -> lease.value().isHeldAt(clock.millis()))
                .isPresent();
    }

    /// A node that served a volume goes on doing so for a while after its last client.
    private void requireNoClients(String volume) throws StartFailedException {
        VolumeOutcome known = desk.perform(call(VolumeCall.Verb.STATISTICS, volume, Map.of()), PATIENCE);
        Object clients = known.facts().getOrDefault("clients", 0);
        if (clients instanceof Number count && count.longValue() > 0) {
            throw new StartFailedException("the volume is in use at another node: volume=" + volume
                    + " node=" + known.node() + " clients=" + clients);
        }
    }

    /// Takes the device away, even if it is dead.
    ///
    /// @return why it could not be, if so
    Optional<String> detach(String volume) {
        Optional<VolumeOutcome.Refusal> refused = here(VolumeCall.Verb.DETACH, volume, false).refusal();
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        // A device of an earlier process cannot be written out; making it anew clears it away.
        boolean isMade = here(VolumeCall.Verb.ATTACH, volume, false).refusal().isEmpty();
        return isMade
                ? here(VolumeCall.Verb.DETACH, volume, false).refusal().map(VolumeOutcome.Refusal::message)
                : refused.map(VolumeOutcome.Refusal::message);
    }

    private VolumeOutcome here(VolumeCall.Verb verb, String volume, boolean isForced) {
        return desk.performHere(call(verb, volume, isForced ? Map.of(FORCE, "true") : Map.of()));
    }

    private VolumeCall call(VolumeCall.Verb verb, String volume, Map<String, String> arguments) {
        return new VolumeCall(verb, volume, arguments, Optional.empty(), self, "application");
    }
}
