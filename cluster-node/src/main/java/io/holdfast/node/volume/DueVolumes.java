package io.holdfast.node.volume;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes volumes what they are to be before anybody uses them ([VolumeEntry#asOf()]). Concurrent.
///
/// Rolling back comes first and saying that it is done second: who dies in between leaves a volume that is
/// rolled back again, with nothing written to it meanwhile.
final class DueVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(DueVolumes.class);

    private final LedgerAccess ledger;

    DueVolumes(LedgerAccess ledger) {
        this.ledger = ledger;
    }

    /// Makes a volume what it is to be; does nothing if that is what it is.
    ///
    /// @param clients how many use it now
    /// @throws VolumeRefusedException if somebody uses it, or sleeps on it
    void settle(OpenFamily family, String volume, IntSupplier clients) {
        ledger.barrier();
        VolumeEntry entry = entry(volume);
        if (entry.asOf().isEmpty()) {
            return;
        }
        AsOf due = entry.asOf().get();
        if (clients.getAsInt() > 0) {
            throw new VolumeRefusedException(
                    RefusalCode.IN_USE,
                    "an application sleeps on the volume, or is to go back with it: " + volume + " asOf="
                            + due.snapshot(),
                    "wake the application, or stop it");
        }
        rollBack(family, entry, new VolumeSnapshotKey(volume, due.snapshot()));
    }

    /// Makes a volume what it was, whatever it is now.
    void rollBack(OpenFamily family, VolumeEntry entry, VolumeSnapshotKey key) {
        family.store().rollBack(entry.member(), numberOf(key));
        submit(new VolumeCommand.RollBack(key, family.token()));
        LOG.info("volumes: rolled back before it is used: volume={} snapshot={}", key.volume(), key.name());
    }

    /// Makes a volume what it was at a snapshot, unless something was written since that may count.
    ///
    /// @return whether it is that now
    boolean makeAsOf(OpenFamily family, VolumeSnapshotKey key) {
        ledger.barrier();
        VolumeEntry entry = entry(key.volume());
        if (entry.isToBe(key)) {
            rollBack(family, entry, key);
        }
        return isAsOf(family, key);
    }

    /// Whether a volume is what it was at a snapshot, and not to be anything else.
    boolean isAsOf(OpenFamily family, VolumeSnapshotKey key) {
        VolumeEntry entry = entry(key.volume());
        return entry.asOf().isEmpty()
                && snapshot(key)
                        .filter(known -> family.store().isAs(entry.member(), known.number()))
                        .isPresent();
    }

    private int numberOf(VolumeSnapshotKey key) {
        return snapshot(key)
                .map(VolumeSnapshotEntry::number)
                .orElseThrow(() -> new VolumeRefusedException(Refusals.notFound("snapshot", key)));
    }

    private Optional<VolumeSnapshotEntry> snapshot(VolumeSnapshotKey key) {
        return ledger.reader().get(VolumeCatalogs.SNAPSHOTS, key).map(Versioned::value);
    }

    private VolumeEntry entry(String volume) {
        return ledger.reader().get(VolumeCatalogs.VOLUMES, volume)
                .map(Versioned::value)
                .orElseThrow(() -> new VolumeRefusedException(Refusals.notFound("volume", volume)));
    }

    private void submit(GridCommand command) {
        if (ledger.submit(command) instanceof GridReply.Refused refused) {
            throw new VolumeRefusedException(refused);
        }
    }
}
