package io.holdfast.node.volume;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps versions of volumes that this node serves, to be named by the command that makes a snapshot of an
/// application ready. Until then they are known to this process alone; if it dies, whoever opens the family
/// next drops them. Concurrent.
public final class VolumePins {
    private static final Logger LOG = LoggerFactory.getLogger(VolumePins.class);

    private final LedgerAccess ledger;
    private final FamilyHost families;

    public VolumePins(LedgerAccess ledger, FamilyHost families) {
        this.ledger = ledger;
        this.families = families;
    }

    /// Keeps a volume as it is now, with everything that was flushed.
    ///
    /// @throws VolumeRefusedException if this node does not serve it
    public Pin pin(String volume) {
        VolumeEntry entry = entry(volume);
        OpenFamily family = families.enter(entry.family(), false);
        family.beginNaming();
        try {
            return new Pin(volume, family, family.store().snapshot(entry.member()));
        } catch (BlockDeviceException | NoSuchElementException failure) {
            // Not known whether it is kept: the naming goes on until the family is opened anew.
            family.leave();
            throw failure;
        }
    }

    private VolumeEntry entry(String volume) {
        return ledger.reader().get(VolumeCatalogs.VOLUMES, volume)
                .map(Versioned::value)
                .orElseThrow(() -> new VolumeRefusedException(Refusals.notFound("volume", volume)));
    }

    /// A version that is kept. Concurrent; it ends once, by being named, given up or left in doubt.
    public final class Pin {
        private final String volume;
        private final OpenFamily family;
        private final int number;
        private boolean isOver;

        private Pin(String volume, OpenFamily family, int number) {
            this.volume = volume;
            this.family = family;
            this.number = number;
        }

        /// In the words of the ledger.
        ///
        /// @param isAtRest whether all who use the volume stand still since
        public VolumePin asPin(boolean isAtRest) {
            return new VolumePin(volume, family.token(), number, isAtRest);
        }

        /// It has a name now.
        public synchronized void named() {
            if (!isOver) {
                isOver = true;
                family.endNaming();
                family.leave();
            }
        }

        /// It may have a name or come to have one. It is left alone until the family is opened anew.
        public synchronized void leaveInDoubt() {
            if (!isOver) {
                isOver = true;
                family.leave();
            }
        }

        /// It has no name and is to get none.
        public synchronized void giveUp() {
            if (isOver) {
                return;
            }
            try {
                family.store().deleteSnapshot(number);
            } catch (BlockDeviceException | NoSuchElementException failure) {
                LOG.info("volumes: a kept version is dropped later: volume={} snapshot={} reason={}", volume,
                        number, failure.getMessage());
            }
            named();
        }

        /// Those who stood still since it was kept go on, and what they write counts again.
        ///
        /// @param named the version of the command that named it; absent if it is not known whether it has a
        /// name, and certain that it gets none any more
        /// @throws VolumeRefusedException if the volume was used meanwhile, or is to be something else
        public void goOn(OptionalLong named) {
            ledger.barrier();
            Optional<AsOf> due = entry(volume).asOf();
            if (due.isEmpty() && named.isEmpty()) {
                return;
            }
            boolean isOurs = named.isPresent()
                    ? due.filter(asOf -> asOf.sinceVersion() == named.getAsLong()).isPresent()
                    : due.filter(this::isThis).isPresent();
            GridReply reply = isOurs
                    ? ledger.submit(new VolumeCommand.GoOn(
                            volume, family.token(), due.orElseThrow().sinceVersion()))
                    : Refusals.wrongState("volume", volume, due.map(AsOf::toString).orElse("used"),
                            "who slept on it has to start anew");
            if (reply instanceof GridReply.Refused refused) {
                throw new VolumeRefusedException(refused);
            }
        }

        private boolean isThis(AsOf due) {
            return ledger.reader()
                    .get(VolumeCatalogs.SNAPSHOTS, new VolumeSnapshotKey(volume, due.snapshot()))
                    .map(Versioned::value)
                    .map(VolumeSnapshotEntry::number)
                    .filter(known -> known == number)
                    .isPresent();
        }
    }
}
