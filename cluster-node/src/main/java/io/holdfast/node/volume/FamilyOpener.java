package io.holdfast.node.volume;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeIndexes;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.log.DamageListener;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.volume.VolumeStore;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens families' stores and brings them in line with the catalog: what a node left half done when it died
/// is finished here. Concurrent.
public final class FamilyOpener {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyOpener.class);

    private final LedgerAccess ledger;
    private final LogRuntime runtime;
    private final DamageListener damages;

    public FamilyOpener(LedgerAccess ledger, LogRuntime runtime, DamageListener damages) {
        this.ledger = ledger;
        this.runtime = runtime;
        this.damages = damages;
    }

    /// Opens a family under a token that the caller was granted.
    VolumeStore open(StreamId stream, FencingToken token) {
        ledger.barrier();
        Map<Integer, Versioned<String, VolumeEntry>> known = volumes(stream);
        if (known.isEmpty()) {
            throw new VolumeRefusedException(
                    RefusalCode.NOT_FOUND, "no volume is of this family: " + stream, "");
        }
        VolumeEntry first = known.values().iterator().next().value();
        LogOptions options = ledger.reader().get(ChunkCatalogs.STREAMS, stream)
                .map(written -> options(written.value().profile(), first.policy()))
                .orElseGet(() -> options(first));
        VolumeStore store =
                VolumeStore.open(runtime, new StreamKey(stream.value(), token.value()), options, damages);
        try {
            reconcile(store, token, known);
            return store;
        } catch (RuntimeException failure) {
            store.close();
            throw failure;
        }
    }

    /// The volumes of a family by member, as this node's copy of the catalog has them.
    Map<Integer, Versioned<String, VolumeEntry>> volumes(StreamId stream) {
        Map<Integer, Versioned<String, VolumeEntry>> found = new TreeMap<>();
        VolumeIndexes.members(ledger.state(), stream).forEach((member, name) ->
                ledger.reader().get(VolumeCatalogs.VOLUMES, name)
                        .ifPresent(volume -> found.put(member, volume)));
        return found;
    }

    /// How a volume's family is written.
    static LogOptions options(VolumeEntry volume) {
        return options(volume.profile(), volume.policy());
    }

    private static LogOptions options(Profile profile, VolumePolicy policy) {
        ErasureProfile coded = new ErasureProfile(profile.dataCount(), profile.parityCount());
        return LogOptions.of(coded)
                .withProfile(coded, policy.isDegradedAllowed() ? 0 : profile.parityCount());
    }

    private void reconcile(
            VolumeStore store, FencingToken token, Map<Integer, Versioned<String, VolumeEntry>> known) {
        if (store.members().isEmpty()) {
            makeFirst(store, known);
        }
        dropUnnamed(store, known);
        for (int member : store.members()) {
            Versioned<String, VolumeEntry> volume = known.get(member);
            if (volume == null) {
                LOG.info("volumes: dropping a volume without a name: member={}", member);
                store.delete(member);
            } else {
                correctSize(store, token, volume);
            }
        }
    }

    /// Drops versions that nobody named, or whose names are gone with what they belonged to. Nobody may be
    /// about to name one.
    void dropUnnamed(VolumeStore store, StreamId stream) {
        dropUnnamed(store, volumes(stream));
    }

    private void dropUnnamed(VolumeStore store, Map<Integer, Versioned<String, VolumeEntry>> known) {
        Set<Integer> unnamed = new HashSet<>(store.snapshots().keySet());
        if (unnamed.isEmpty()) {
            return;
        }
        for (Versioned<String, VolumeEntry> volume : known.values()) {
            snapshots(volume.key()).values().forEach(snapshot -> unnamed.remove(snapshot.number()));
        }
        for (int number : unnamed) {
            LOG.info("volumes: dropping a version without a name: snapshot={}", number);
            store.deleteSnapshot(number);
        }
    }

    /// A volume that was entered in the catalog and never opened.
    private static void makeFirst(VolumeStore store, Map<Integer, Versioned<String, VolumeEntry>> known) {
        Versioned<String, VolumeEntry> first = known.get(0);
        if (first == null || store.create(first.value().sizeBytes()) != 0) {
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE,
                    "the family's log is empty, but the catalog has volumes beyond the first: members="
                            + known.keySet(),
                    "");
        }
    }

    private void correctSize(VolumeStore store, FencingToken token, Versioned<String, VolumeEntry> volume) {
        long bytes = store.volume(volume.value().member()).sizeBytes();
        if (bytes != volume.value().sizeBytes()) {
            GridReply reply = ledger.submit(new VolumeCommand.Resize(volume.key(), token, bytes));
            LOG.info("volumes: corrected a size: volume={} sizeBytes={} outcome={}", volume.key(), bytes,
                    reply);
        }
    }

    /// A volume's snapshots by name.
    Map<String, VolumeSnapshotEntry> snapshots(String volume) {
        Map<String, VolumeSnapshotEntry> found = new TreeMap<>();
        Page.Request request = Page.Request.first(Page.LIMIT_MAX).withPrefix(volume + "/");
        boolean isLast = false;
        while (!isLast) {
            Page<VolumeSnapshotKey, VolumeSnapshotEntry> page =
                    ledger.reader().page(VolumeCatalogs.SNAPSHOTS, request);
            page.entries().forEach(entry -> found.put(entry.key().name(), entry.value()));
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
        return found;
    }
}
