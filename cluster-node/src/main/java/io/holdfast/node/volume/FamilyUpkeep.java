package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeIndexes;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.volume.CheckReport;
import io.holdfast.node.ledger.LedgerAccess;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What keeps families in order while they are served, beyond what they do by themselves: repairs, checks
/// where a volume's policy asks for them, and an end to versions whose names are gone. The leader also opens
/// families that nobody serves and whose chunks are at risk. [#step()] is confined to one thread and never
/// waits; the work is done by a thread per family, a few at a time.
public final class FamilyUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyUpkeep.class);

    /// So much is computed anew per second and family: clients keep most of a disk and of a link of 1
    /// Gbit/s.
    private static final long REPAIR_BYTES_PER_SECOND_MAX = 50L << 20;

    private static final int FAMILIES_AT_ONCE = 4;
    private static final int AT_RISK_LOOKED_AT_MAX = 10_000;

    private final FamilyHost families;
    private final FamilyOpener opener;
    private final LedgerAccess ledger;
    private final BooleanSupplier leads;
    private final InstantSource clock;
    private final Map<StreamId, Long> checkedMillis = new ConcurrentHashMap<>();
    private final Set<StreamId> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore slots = new Semaphore(FAMILIES_AT_ONCE);

    public FamilyUpkeep(FamilyHost families, FamilyOpener opener, LedgerAccess ledger,
            BooleanSupplier leads, InstantSource clock) {
        this.families = families;
        this.opener = opener;
        this.ledger = ledger;
        this.leads = leads;
        this.clock = clock;
    }

    /// Begins what is due.
    public void step() {
        Set<StreamId> endangered = endangered();
        for (OpenFamily family : families.open()) {
            boolean isEndangered = endangered.remove(family.stream());
            begin(family.stream(), () -> families.enterIfOpen(family.stream())
                    .ifPresent(open -> keepUp(open, isEndangered)));
        }
        if (leads.getAsBoolean()) {
            endangered.forEach(stream -> begin(stream, () -> rescue(stream)));
        }
    }

    /// The streams of volumes that have chunks at risk.
    private Set<StreamId> endangered() {
        Set<StreamId> streams = new LinkedHashSet<>();
        List<ChunkId> chunks =
                ChunkIndexes.atRisk(ledger.state(), Optional.empty(), AT_RISK_LOOKED_AT_MAX);
        chunks.forEach(chunk -> streams.add(StreamId.of(chunk)));
        streams.removeIf(stream -> VolumeIndexes.members(ledger.state(), stream).isEmpty());
        return streams;
    }

    private void begin(StreamId stream, Runnable work) {
        if (!underWay.add(stream)) {
            return;
        }
        if (!slots.tryAcquire()) {
            underWay.remove(stream);
            return;
        }
        Thread.ofVirtual().name("upkeep-" + stream).start(() -> {
            try {
                work.run();
            } catch (BlockDeviceException | ChunkStoreException | ChunkDirectoryException
                    | ConsensusException | VolumeRefusedException later) {
                LOG.info("volumes: upkeep is tried again: family={} reason={}", stream, later.getMessage());
            } finally {
                slots.release();
                underWay.remove(stream);
            }
        });
    }

    private void rescue(StreamId stream) {
        if (families.holder(stream, clock.millis()).isEmpty()) {
            keepUp(families.enter(stream, false), true);
        }
    }

    /// The family has been entered, which is not counted as use: it may close when this is done.
    private void keepUp(OpenFamily family, boolean isEndangered) {
        try {
            if (isEndangered) {
                int left = family.store().repair(REPAIR_BYTES_PER_SECOND_MAX);
                LOG.info("volumes: repaired what could be: family={} chunksLeft={}", family.stream(), left);
            }
            boolean _ = family.whileNothingIsNamed(() -> opener.dropUnnamed(family.store(), family.stream()));
            if (isCheckDue(family.stream())) {
                CheckReport report = family.store().check(false);
                checkedMillis.put(family.stream(), clock.millis());
                report.findings().forEach(finding -> LOG.error("volumes: a check found: family={} {}",
                        family.stream(), VolumeActions.text(finding)));
                LOG.info("volumes: checked: family={} blocks={} findings={}", family.stream(),
                        report.blocksChecked(), report.findings().size());
            }
        } finally {
            family.leaveUnnoticed();
        }
    }

    /// Whether the shortest of its volumes' intervals has passed since it was checked here or, if it never
    /// was, since it was first seen here.
    private boolean isCheckDue(StreamId stream) {
        OptionalLong interval = VolumeIndexes.members(ledger.state(), stream).values().stream()
                .flatMap(name -> ledger.reader().get(VolumeCatalogs.VOLUMES, name).stream())
                .mapToLong(volume -> volume.value().policy().checkIntervalMillis())
                .filter(millis -> millis > 0)
                .min();
        long now = clock.millis();
        long before = checkedMillis.computeIfAbsent(stream, _ -> now);
        return interval.isPresent() && now - before >= interval.getAsLong();
    }
}
