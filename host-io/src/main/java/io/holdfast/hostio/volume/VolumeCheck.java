package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapPage;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.ScannedRow;
import io.holdfast.hostio.log.StripedLog;
import io.holdfast.hostio.volume.CheckReport.Finding;
import io.holdfast.hostio.volume.CheckReport.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares the maps with what the strips say of themselves. Confined to its caller.
///
/// Every reference from a page leads to a strip that names the block it holds; so a block used twice, a
/// place beyond a chunk and a hole in it all show as a strip that names another block, or none. What looks
/// wrong while I/O goes on is looked at again with the maps held still, and only that.
final class VolumeCheck {
    private final Family family;
    private final StripedLog log;
    private final boolean isDeep;
    private long blocks;
    private long longestPauseNanos;

    VolumeCheck(Family family, StripedLog log, boolean isDeep) {
        this.family = family;
        this.log = log;
        this.isDeep = isDeep;
    }

    /// A block of a version, and where it should be.
    private record Reference(MapVersion version, long block, long place) {
        boolean isCurrent() {
            return version.get(block) == place;
        }
    }

    CheckReport run() {
        Map<Long, List<Reference>> byChunk = references();
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<Long, List<Reference>> chunk : byChunk.entrySet()) {
            List<Reference> suspects = new ArrayList<>();
            wrong(chunk.getKey(), chunk.getValue()).forEach((reference, _) -> suspects.add(reference));
            if (!suspects.isEmpty()) {
                confirm(chunk.getKey(), suspects, findings);
            }
        }
        List<Finding> reported = findings.subList(0, Math.min(findings.size(), CheckReport.FINDINGS_MAX));
        return new CheckReport(blocks, byChunk.size(), longestPauseNanos / 1_000_000, reported);
    }

    private Map<Long, List<Reference>> references() {
        List<MapVersion> versions;
        family.lock.lock();
        try {
            versions = family.versions().toList();
        } finally {
            family.lock.unlock();
        }
        Map<Long, List<Reference>> byChunk = new TreeMap<>();
        Set<MapPage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (MapVersion version : versions) {
            version.forEachPage(page -> {
                if (seen.add(page)) {
                    addReferences(version, page, byChunk);
                }
            });
        }
        return byChunk;
    }

    private void addReferences(MapVersion version, MapPage page, Map<Long, List<Reference>> byChunk) {
        for (int i = 0; i < MapPage.BLOCKS; i++) {
            long place = page.get(i);
            if (place != BlockPlace.NONE) {
                blocks++;
                byChunk.computeIfAbsent(BlockPlace.chunk(place), _ -> new ArrayList<>())
                        .add(new Reference(version, (long) page.number() * MapPage.BLOCKS + i, place));
            }
        }
    }

    /// Which references into a chunk do not fit what is there.
    private Map<Reference, Kind> wrong(long number, List<Reference> references) {
        Map<Reference, Kind> wrong = new HashMap<>();
        Optional<ChunkRecord> chunk = log.chunk(number);
        if (chunk.isEmpty()) {
            references.forEach(reference -> wrong.put(reference, Kind.NO_CHUNK));
            return wrong;
        }
        Map<Integer, ScannedRow> rows = new HashMap<>();
        List<ScannedRow> scanned =
                chunk.get().isOpen() ? log.scanOpen(chunk.get()) : log.scan(chunk.get());
        scanned.forEach(row -> rows.put(row.row(), row));
        for (Reference reference : references) {
            kind(reference, rows.get(BlockPlace.row(reference.place)))
                    .ifPresent(kind -> wrong.put(reference, kind));
        }
        return wrong;
    }

    private Optional<Kind> kind(Reference reference, @Nullable ScannedRow row) {
        int strip = BlockPlace.strip(reference.place);
        int block = BlockPlace.block(reference.place);
        boolean isThere = row != null
                && !row.isNote()
                && (row.existingMask() & 1 << strip) != 0
                && block < row.blocksPerStrip();
        if (row == null || !isThere) {
            return Optional.of(Kind.BEYOND);
        }
        long key = StripBody.blockNumber(row.body(strip), block);
        if (BlockKey.isCheckpoint(key) || BlockKey.block(key) != reference.block) {
            return Optional.of(Kind.OTHER_BLOCK);
        }
        return isDeep ? unreadable(reference) : Optional.empty();
    }

    private Optional<Kind> unreadable(Reference reference) {
        BlockRun run = new BlockRun(reference.place, 1, reference.block, BlockKey.BLOCK_MASK, 0);
        try {
            log.read(List.of(run), ByteBuffer.allocate(Volume.BLOCK_BYTES));
            return Optional.empty();
        } catch (ChunkStoreException _) {
            return Optional.of(Kind.UNREADABLE);
        }
    }

    /// Looks again with the maps held still.
    private void confirm(long chunk, List<Reference> suspects, List<Finding> findings) {
        family.lock.lock();
        long begin = log.runtime().nanoTime();
        try {
            List<Reference> current = suspects.stream().filter(Reference::isCurrent).toList();
            if (!current.isEmpty()) {
                wrong(chunk, current).forEach((reference, kind) -> findings.add(new Finding(
                        kind,
                        reference.version.generation(),
                        reference.block,
                        BlockPlace.text(reference.place))));
            }
        } finally {
            longestPauseNanos = Math.max(longestPauseNanos, log.runtime().nanoTime() - begin);
            family.lock.unlock();
        }
    }
}
