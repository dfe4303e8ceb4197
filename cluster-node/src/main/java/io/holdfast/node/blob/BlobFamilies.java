package io.holdfast.node.blob;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.blob.BlobStore;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.volume.VolumeStore;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.FamilyHost;
import io.holdfast.node.volume.ServedFamily;
import io.holdfast.node.volume.VolumeRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets work be done in the volumes of blobs that this node serves, or may. Concurrent.
final class BlobFamilies {
    private static final Logger LOG = LoggerFactory.getLogger(BlobFamilies.class);

    /// Whoever put one blob may put another soon.
    private static final Duration LINGER = Duration.ofMinutes(10);

    private final BlobVolumes volumes;
    private final LedgerAccess ledger;
    private final FamilyHost families;
    /// One store of blobs for each open family, since it knows what is being put.
    private final Map<VolumeStore, BlobStore> stores = Collections.synchronizedMap(new WeakHashMap<>());

    /// Something to be done in a volume of blobs.
    @FunctionalInterface
    interface Work<T> {
        T doIn(StreamId family, BlobStore store) throws IOException;
    }

    BlobFamilies(BlobVolumes volumes, LedgerAccess ledger, FamilyHost families) {
        this.volumes = volumes;
        this.ledger = ledger;
        this.families = families;
    }

    BlobVolumes volumes() {
        return volumes;
    }

    /// Works in this node's own volume. Another node that still has it, because it took it over, only names
    /// places, and is shut out.
    <T> T inOwn(Work<T> work) throws IOException {
        return guarded(() -> {
            VolumeEntry own = volumes.own();
            try {
                return families.serving(own.family(), false, family -> doInOwn(own, family, work));
            } catch (VolumeRefusedException refused) {
                if (refused.refused().code() != RefusalCode.HELD) {
                    throw refused;
                }
                return families.serving(own.family(), true, family -> doInOwn(own, family, work));
            }
        });
    }

    private <T> T doInOwn(VolumeEntry own, ServedFamily family, Work<T> work) throws IOException {
        family.linger(LINGER);
        followClusterSize(own, family);
        return work.doIn(own.family(), storeOf(family));
    }

    /// Works in any volume of blobs.
    ///
    /// @throws BlobUnavailableException also if another node serves it
    <T> T in(StreamId family, Work<T> work) throws IOException {
        return guarded(() ->
                families.serving(family, false, served -> work.doIn(family, storeOf(served))));
    }

    /// Where blocks lie, if this node serves the family or may take it.
    ///
    /// @throws VolumeRefusedException if it may not
    long[] places(StreamId family, long firstBlock, int blocks) {
        try {
            return families.serving(
                    family, false, served -> served.store().volume(0).places(firstBlock, blocks));
        } catch (BlockDeviceException failure) {
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE, String.valueOf(failure.getMessage()), "");
        }
    }

    private BlobStore storeOf(ServedFamily family) {
        return stores.computeIfAbsent(family.store(), store -> BlobStore.open(store.volume(0)));
    }

    /// What is written from now on is spread as the cluster's size allows.
    private void followClusterSize(VolumeEntry own, ServedFamily family) {
        Profile wanted = volumes.profileNow();
        if (wanted.equals(own.profile())) {
            return;
        }
        String name = volumes.ownName();
        if (ledger.submit(new VolumeCommand.SetProfile(name, family.token(), wanted))
                instanceof Refused refused) {
            LOG.info("blobs: the profile stays: wanted={} reason={}", wanted, refused.message());
        } else {
            family.use(volumes.own());
            LOG.info("blobs: another profile from now on: from={} to={}", own.profile(), wanted);
        }
    }

    private interface Guarded<T> {
        T run() throws IOException;
    }

    /// Tells what fails below in the words of blobs.
    private static <T> T guarded(Guarded<T> work) throws IOException {
        try {
            return work.run();
        } catch (VolumeRefusedException | ConsensusException | BlockDeviceException | ChunkStoreException
                | ChunkDirectoryException failure) {
            throw new BlobUnavailableException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
