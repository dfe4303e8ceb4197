package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.ScannedRow;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a family up to the end of its log. Confined to whoever opens it.
final class LogReplay {
    private static final Logger LOG = LoggerFactory.getLogger(LogReplay.class);

    private final StripedLog log;
    private final Family family;

    LogReplay(StripedLog log, Family family) {
        this.log = log;
        this.family = family;
    }

    /// A row and the chunk it stands in.
    private record Row(long chunk, ScannedRow row) {}

    /// Returns how many rows were replayed.
    int run() {
        long reflected = family.sequence();
        List<Row> rows = new ArrayList<>();
        family.usage().retain(log.chunks().stream().map(ChunkRecord::number).collect(Collectors.toSet()));
        for (ChunkRecord chunk : log.chunks()) {
            ChunkUsage.Use use = family.usage().use(chunk.number());
            if (use.generation != VolumeStore.MAP_LANE && (!use.isSealed || use.lastSequence > reflected)) {
                scan(chunk, use, reflected, rows);
            }
            use.isSealed = true;
            use.lengthBytes = chunk.lengthBytes();
            log.sequenceSeen(use.lastSequence);
        }
        rows.sort(Comparator.comparingLong(row -> row.row.sequence()));
        family.lock.lock();
        try {
            rows.forEach(this::apply);
        } finally {
            family.lock.unlock();
        }
        log.sequenceSeen(reflected);
        LOG.info("a log was replayed: stream={} reflected={} rows={} sequence={}",
                Long.toHexString(log.id()), reflected, rows.size(), family.sequence());
        return rows.size();
    }

    private void scan(ChunkRecord chunk, ChunkUsage.Use use, long reflected, List<Row> rows) {
        List<ScannedRow> scanned = log.scan(chunk);
        use.rows = scanned.size();
        for (ScannedRow row : scanned) {
            use.firstSequence = row.row() == 0 ? row.sequence() : use.firstSequence;
            use.lastSequence = Math.max(use.lastSequence, row.sequence());
            if (row.row() == 0 && row.isMoved()) {
                use.generation = VolumeStore.MAP_LANE + 1;
            }
            if (row.sequence() > reflected && !row.isMoved() && !CheckpointReader.isCheckpoint(row)) {
                rows.add(new Row(chunk.number(), row));
            }
        }
    }

    private void apply(Row each) {
        ScannedRow row = each.row;
        if (row.isNote()) {
            family.noted(FamilyNote.decode(row.note()), row.sequence());
            return;
        }
        for (int strip = 0; strip < StripBody.BLOCKS_MAX; strip++) {
            if ((row.existingMask() & 1 << strip) != 0) {
                ByteBuffer body = row.body(strip);
                for (int block = 0; block < row.blocksPerStrip(); block++) {
                    long place = BlockPlace.of(each.chunk, row.row(), strip, block);
                    family.wrote(StripBody.blockNumber(body, block), place, row.sequence());
                }
            }
        }
    }
}
