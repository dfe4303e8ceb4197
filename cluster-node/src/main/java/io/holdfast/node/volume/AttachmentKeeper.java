package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes again, after this node was started, the devices that its host is to have.
///
/// What is written to a device and not yet synced is lost when the node dies, and the file system on it does
/// not know; so a device that is still mounted is never brought back to life under it. It gives errors until
/// it is unmounted, and is made anew then. One thread at a time, which waits.
public final class AttachmentKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttachmentKeeper.class);
    private static final int VOLUMES_PER_PAGE = 256;

    private final String self;
    private final LedgerAccess ledger;
    private final FamilyHost families;
    private final Attachments attachments;
    /// Volumes to be attached again, and why they could not be; empty at first.
    private final Map<String, String> pending = new ConcurrentHashMap<>();
    private boolean isListed;

    public AttachmentKeeper(
            String self, LedgerAccess ledger, FamilyHost families, Attachments attachments) {
        this.self = self;
        this.ledger = ledger;
        this.families = families;
        this.attachments = attachments;
    }

    /// Tries what is still to be done.
    public void step() {
        if (!isListed) {
            list();
            isListed = true;
        }
        pending.keySet().forEach(this::attachAgain);
        // A volume that was attached elsewhere while this node was dead has left a dead device here.
        attachments.sweep(pending::containsKey);
    }

    /// Sweeps once more, all that is dead: a node that stops soon after its start may have found devices
    /// still mounted, or not have looked yet, and nobody else would take them away if its folder is deleted.
    /// What is to be attached again is made anew at the next start anyway.
    @Override
    public void close() {
        attachments.sweep(_ -> false);
    }

    /// Volumes that wait to be attached again, with the reason.
    public Map<String, String> pending() {
        return Map.copyOf(pending);
    }

    private void list() {
        Page.Request request = Page.Request.first(VOLUMES_PER_PAGE);
        Optional<String> cursor = Optional.empty();
        do {
            Page<String, VolumeEntry> page = ledger.reader()
                    .page(VolumeCatalogs.VOLUMES, cursor.map(request::after).orElse(request));
            for (Versioned<String, VolumeEntry> volume : page.entries()) {
                if (isOurs(volume.value())) {
                    pending.put(volume.key(), "");
                }
            }
            cursor = page.next();
        } while (cursor.isPresent());
    }

    private boolean isOurs(VolumeEntry volume) {
        return volume.attachment().filter(where -> where.node().equals(self)).isPresent();
    }

    private void attachAgain(String name) {
        Optional<VolumeEntry> volume = ledger.reader().get(VolumeCatalogs.VOLUMES, name)
                .map(Versioned::value)
                .filter(this::isOurs);
        if (volume.isEmpty()) {
            pending.remove(name);
            return;
        }
        try {
            OpenFamily family = families.enter(volume.get().family(), false);
            try {
                String device = attachments.attach(name);
                LOG.info("volumes: attached again after a start: volume={} device={}", name, device);
                pending.remove(name);
            } finally {
                family.leave();
            }
        } catch (VolumeRefusedException | BlockDeviceException | ChunkStoreException
                | ChunkDirectoryException | ConsensusException failure) {
            String reason = String.valueOf(failure.getMessage());
            if (!reason.equals(pending.put(name, reason))) {
                LOG.error("volumes: not attached again, its device gives errors: volume={} reason={}", name,
                        reason);
            }
        }
    }
}
