package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.LongTable;
import io.holdfast.hostio.blockmap.MapPage;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.ScannedRow;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds and loads the last complete checkpoint of a log. Confined to whoever opens it.
final class CheckpointReader {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReader.class);
    private static final int ASKED_AT_ONCE = 128;
    private static final int PAGES_AT_ONCE = 256;
    private static final long WHOLE_KEY = -1;
    /// Long enough for a host that only stood still, or starts again; whoever opens tries again after that.
    private static final long WAIT_NANOS_MAX = Duration.ofSeconds(15).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();

    private final StripedLog log;
    private final Family family;
    /// The newest place of each key.
    private final LongTable places = new LongTable(1024);
    private final List<ChunkRecord> chunks = new ArrayList<>();
    private final List<Long> pageKeys = new ArrayList<>();

    CheckpointReader(StripedLog log, Family family) {
        this.log = log;
        this.family = family;
    }

    /// A row and the chunk it stands in.
    private record Row(long chunk, ScannedRow row) {}

    /// Loads it; returns its number, or nothing if there is none that is whole: none was completed, or what
    /// is left of it is damaged.
    ///
    /// @throws StoreUnavailableException if that is not known, because holders are silent
    OptionalLong load() {
        List<Row> rows = new ArrayList<>();
        chunks.addAll(checkpointChunks());
        for (ChunkRecord chunk : chunks) {
            log.scan(chunk).forEach(row -> rows.add(new Row(chunk.number(), row)));
        }
        rows.sort(Comparator.comparingLong(row -> row.row.sequence()));
        rows.forEach(row -> log.sequenceSeen(row.row.sequence()));
        rows.forEach(this::note);
        try {
            Optional<Table> newest = restoredWhenReadable();
            LOG.info("maps were loaded: stream={} checkpoint={} pages={}",
                    Long.toHexString(log.id()), newest.map(Table::number).orElse(0L), pageKeys.size());
            return newest.map(table -> OptionalLong.of(table.number)).orElse(OptionalLong.empty());
        } catch (CorruptDataException damaged) {
            LOG.warn("the maps are damaged and are made from the log: stream={} reason={}",
                    Long.toHexString(log.id()), damaged.getMessage());
            return OptionalLong.empty();
        }
    }

    /// Restores the newest whole checkpoint, if there is one. Holders that are silent are waited for: that
    /// they do not answer says nothing about what they have.
    private Optional<Table> restoredWhenReadable() {
        long sinceNanos = log.runtime().nanoTime();
        while (true) {
            try {
                Optional<Table> newest = newestTable();
                newest.ifPresent(table -> restore(table.table));
                return newest;
            } catch (StoreUnavailableException silent) {
                if (log.runtime().nanoTime() - sinceNanos > WAIT_NANOS_MAX) {
                    throw silent;
                }
                LOG.info("the maps cannot be read yet: stream={} reason={}", Long.toHexString(log.id()),
                        silent.getMessage());
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /// The chunks that hold checkpoints, whole ones or not.
    List<ChunkRecord> chunks() {
        return chunks;
    }

    /// The greatest generation of which a page was ever stored, as far as can be seen.
    int lastGeneration() {
        return pageKeys.stream().mapToInt(BlockKey::generation).max().orElse(0);
    }

    private List<ChunkRecord> checkpointChunks() {
        List<ChunkRecord> all = new ArrayList<>(log.chunks());
        List<ChunkRecord> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += ASKED_AT_ONCE) {
            List<ChunkRecord> part = all.subList(from, Math.min(all.size(), from + ASKED_AT_ONCE));
            Map<Long, ScannedRow> first = log.firstRows(part);
            for (ChunkRecord chunk : part) {
                ScannedRow row = first.get(chunk.number());
                if (row == null) {
                    row = log.scan(chunk).getFirst();
                }
                if (isCheckpoint(row)) {
                    found.add(chunk);
                    family.usage().use(chunk.number()).generation = VolumeStore.MAP_LANE;
                }
            }
        }
        return found;
    }

    static boolean isCheckpoint(ScannedRow row) {
        return !row.isNote()
                && BlockKey.isCheckpoint(StripBody.blockNumber(
                        row.body(Integer.numberOfTrailingZeros(row.existingMask())), 0));
    }

    private void note(Row each) {
        ScannedRow row = each.row;
        for (int strip = 0; strip < StripBody.BLOCKS_MAX; strip++) {
            if (row.isNote() || (row.existingMask() & 1 << strip) == 0) {
                continue;
            }
            ByteBuffer body = row.body(strip);
            for (int block = 0; block < row.blocksPerStrip(); block++) {
                long key = StripBody.blockNumber(body, block);
                if (places.get(key) == LongTable.ABSENT && !BlockKey.isTable(key)) {
                    pageKeys.add(key);
                }
                places.put(key, BlockPlace.of(each.chunk, row.row(), strip, block));
            }
        }
    }

    private record Table(long number, FamilyTable table) {}

    private Optional<Table> newestTable() {
        Optional<Table> even = table(0);
        Optional<Table> odd = table(1 << 20);
        if (even.isPresent() && odd.isPresent()) {
            return even.get().number > odd.get().number ? even : odd;
        }
        return even.or(() -> odd);
    }

    /// The table under a set of names, if it is complete.
    private Optional<Table> table(int first) {
        List<FamilyTable.Block> blocks = new ArrayList<>();
        int count = 1;
        for (int i = 0; i < count; i++) {
            Optional<FamilyTable.Block> block = tableBlock(first + i);
            boolean fits = block.isPresent()
                    && block.get().index() == i
                    && (i == 0 || block.get().checkpoint() == blocks.getFirst().checkpoint());
            if (!fits) {
                return Optional.empty();
            }
            blocks.add(block.get());
            count = blocks.getFirst().count();
        }
        return Optional.of(new Table(blocks.getFirst().checkpoint(), FamilyTable.decode(blocks)));
    }

    private Optional<FamilyTable.Block> tableBlock(int number) {
        long key = BlockKey.ofTable(number);
        long place = places.get(key);
        if (place == LongTable.ABSENT) {
            return Optional.empty();
        }
        ByteBuffer block = ByteBuffer.allocate(Volume.BLOCK_BYTES);
        log.read(List.of(new BlockRun(place, 1, key, WHOLE_KEY, 0)), block);
        return FamilyTable.Block.decode(block);
    }

    private void restore(FamilyTable table) {
        Map<Integer, List<MapPage>> pages = new TreeMap<>();
        Set<Integer> generations = table.lineage().stream()
                .map(FamilyTable.Descent::generation)
                .collect(Collectors.toSet());
        List<Long> wanted =
                pageKeys.stream().filter(key -> generations.contains(BlockKey.generation(key))).toList();
        ByteBuffer images =
                ByteBuffer.allocateDirect(PAGES_AT_ONCE * MapPage.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < wanted.size(); from += PAGES_AT_ONCE) {
            List<Long> part = wanted.subList(from, Math.min(wanted.size(), from + PAGES_AT_ONCE));
            readPages(part, images);
            for (int i = 0; i < part.size(); i++) {
                long key = part.get(i);
                int generation = BlockKey.generation(key);
                pages.computeIfAbsent(generation, _ -> new ArrayList<>())
                        .add(MapPage.decode(
                                generation, BlockKey.page(key), images.position(i * MapPage.BYTES)));
            }
        }
        family.restore(table, pages, places);
    }

    private void readPages(List<Long> keys, ByteBuffer images) {
        List<BlockRun> runs = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            runs.add(new BlockRun(places.get(keys.get(i)), 1, keys.get(i), WHOLE_KEY, i * MapPage.BYTES));
        }
        log.read(runs, images.clear());
    }
}
