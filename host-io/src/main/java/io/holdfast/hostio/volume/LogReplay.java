package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.ScannedRow;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a family up to the end of its log: from a checkpoint on, or from nothing. Confined to whoever
/// opens it.
///
/// From nothing, everything counts that is left of the log: blocks and notes, each at the sequence at which
/// it was written first, wherever the cleaner took them since. What the cleaner dropped was overwritten or
/// cleared later, by something that is still there; see [NoteCarrier]. A block that lies in two places is the
/// same in both.
final class LogReplay {
    private static final Logger LOG = LoggerFactory.getLogger(LogReplay.class);

    private final StripedLog log;
    private final Family family;
    private final boolean isFromNothing;
    private final long reflected;
    private final List<Step> steps = new ArrayList<>();

    private LogReplay(StripedLog log, Family family, boolean isFromNothing) {
        this.log = log;
        this.family = family;
        this.isFromNothing = isFromNothing;
        this.reflected = family.sequence();
    }

    /// Something that changed the family.
    private sealed interface Step {
        /// When it was written first.
        long sequence();

        /// A note.
        record Noted(long sequence, FamilyNote note) implements Step {}

        /// A block.
        record Wrote(long sequence, long key, long place) implements Step {}

        /// A row of blocks that were all written with it.
        record Row(long sequence, long chunk, ScannedRow row) implements Step {}
    }

    /// From the checkpoint that the family was restored from. Returns how many rows were replayed.
    static int run(StripedLog log, Family family) {
        return new LogReplay(log, family, false).run();
    }

    /// For a family without any checkpoint. Returns how many rows and moved blocks were replayed.
    ///
    /// @throws io.holdfast.hostio.chunkstore.CorruptDataException if the log does not tell all
    /// @throws io.holdfast.hostio.chunkstore.StoreUnavailableException if a chunk cannot be read
    static int rebuild(StripedLog log, Family family) {
        return new LogReplay(log, family, true).run();
    }

    private int run() {
        family.usage().retain(log.chunks().stream().map(ChunkRecord::number).collect(Collectors.toSet()));
        for (ChunkRecord chunk : log.chunks()) {
            ChunkUsage.Use use = family.usage().use(chunk.number());
            boolean isUnknown = isFromNothing || !use.isSealed || use.lastSequence > reflected;
            if (use.generation != VolumeStore.MAP_LANE && isUnknown) {
                scan(chunk, use);
            }
            use.isSealed = true;
            use.lengthBytes = chunk.lengthBytes();
            log.sequenceSeen(use.lastSequence);
        }
        steps.sort(Comparator.comparingLong(Step::sequence));
        if (isFromNothing) {
            requireWhole();
        }
        family.lock.lock();
        try {
            steps.forEach(this::apply);
        } finally {
            family.lock.unlock();
        }
        log.sequenceSeen(reflected);
        LOG.info("a log was replayed: stream={} reflected={} steps={} sequence={}",
                Long.toHexString(log.id()), reflected, steps.size(), family.sequence());
        return steps.size();
    }

    private void scan(ChunkRecord chunk, ChunkUsage.Use use) {
        List<ScannedRow> scanned = log.scan(chunk);
        use.rows = scanned.size();
        for (ScannedRow row : scanned) {
            use.firstSequence = row.row() == 0 ? row.sequence() : use.firstSequence;
            use.lastSequence = Math.max(use.lastSequence, row.sequence());
            boolean isCarried = row.isMoved() || (row.isNote() && FamilyNote.birth(row.note()) != 0);
            if (row.row() == 0 && isCarried) {
                use.generation = VolumeStore.MAP_LANE + 1;
            }
            if (isFromNothing || !isCarried) {
                take(chunk.number(), row);
            }
        }
    }

    private void take(long chunk, ScannedRow row) {
        if (row.sequence() <= reflected || CheckpointReader.isCheckpoint(row)) {
            return;
        }
        if (row.isNote()) {
            long birth = FamilyNote.birth(row.note());
            long sequence = birth == 0 ? row.sequence() : birth;
            steps.add(new Step.Noted(sequence, FamilyNote.decode(row.note())));
        } else if (row.isMoved()) {
            forEachBlock(chunk, row, (key, place, birth) -> steps.add(new Step.Wrote(birth, key, place)));
        } else {
            steps.add(new Step.Row(row.sequence(), chunk, row));
        }
    }

    /// Hears of the blocks of a row.
    private interface BlockVisitor {
        void visit(long key, long place, long birth);
    }

    private static void forEachBlock(long chunk, ScannedRow row, BlockVisitor visitor) {
        for (int strip = 0; strip < StripBody.BLOCKS_MAX; strip++) {
            if ((row.existingMask() & 1 << strip) != 0) {
                ByteBuffer body = row.body(strip);
                for (int block = 0; block < row.blocksPerStrip(); block++) {
                    long place = BlockPlace.of(chunk, row.row(), strip, block);
                    visitor.visit(StripBody.blockNumber(body, block), place, row.birth(strip, block));
                }
            }
        }
    }

    /// A note that was written twice, because it was carried, counts once; clearing twice is harmless.
    private void requireWhole() {
        Set<Long> once = new HashSet<>();
        steps.removeIf(step -> step instanceof Step.Noted(long sequence, FamilyNote note)
                && !(note instanceof FamilyNote.Cleared)
                && !once.add(sequence));
        NoteHistory history = new NoteHistory(log.id());
        for (Step step : steps) {
            switch (step) {
                case Step.Noted(long sequence, FamilyNote note) -> history.noted(sequence, note);
                case Step.Wrote(long sequence, long key, long _) -> history.wrote(sequence, key);
                case Step.Row(long sequence, long chunk, ScannedRow row) ->
                    forEachBlock(chunk, row, (key, _, _) -> history.wrote(sequence, key));
            }
        }
    }

    private void apply(Step step) {
        switch (step) {
            case Step.Noted(long sequence, FamilyNote note) -> family.noted(note, sequence);
            case Step.Wrote(long sequence, long key, long place) -> family.wrote(key, place, sequence);
            case Step.Row(long sequence, long chunk, ScannedRow row) ->
                forEachBlock(chunk, row, (key, place, _) -> family.wrote(key, place, sequence));
        }
    }
}
