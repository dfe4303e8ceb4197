package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.cleaner.CleanerPolicy;
import io.holdfast.hostio.cleaner.CleanerPolicy.Candidate;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.ScannedRow;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives space back: moves what is still useful out of chunks that are mostly not, and releases them.
/// Confined to one thread at a time; I/O goes on meanwhile.
///
/// A chunk is released only when a checkpoint that was begun after the last block was moved out of it is
/// durable: until then a crash brings back a map that refers to it. What counts as useful is looked up in
/// the maps block by block; the counts only choose the chunk.
final class Cleaning {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaning.class);

    /// Moved at once at most, 256 KiB: a write that somebody waits for shares its disks' next sync with that
    /// much, and a batch of full size made it wait four times as long.
    private static final int MOVE_BLOCKS_MAX = 64;

    /// So much is moved per second at most, unless space is what matters: as with repairs, clients keep most
    /// of a disk and of a link of 1 Gbit/s.
    private static final long MOVE_BYTES_PER_SECOND_MAX = 50L << 20;

    private static final long REST_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final Family family;
    private final StripedLog log;
    private final CleanerPolicy policy;
    private final int batchBlocks;
    private final Runnable checkpoint;
    private final LogLane mapLane;
    /// For survivors by how often they survived; lane numbers follow that of the maps.
    private final List<LogLane> lanes = new ArrayList<>();
    private final AtomicLong movedBlocks = new AtomicLong();
    private final AtomicLong releasedChunks = new AtomicLong();
    private final ByteBuffer bytes;
    private volatile boolean isStopped;
    private volatile boolean isShortOfHolders;

    /// @param mapLane the lane that checkpoints are stored in
    /// @param checkpoint stores the maps
    Cleaning(Family family, StripedLog log, CleanerPolicy policy, LogLane mapLane, Runnable checkpoint) {
        this.family = family;
        this.log = log;
        this.policy = policy;
        this.batchBlocks = Math.min(log.options().batchBlocksMax(), MOVE_BLOCKS_MAX);
        this.mapLane = mapLane;
        this.checkpoint = checkpoint;
        for (int generation = 1; generation <= policy.generations(); generation++) {
            lanes.add(log.lane(false, same -> same, _ -> {}));
        }
        this.bytes = ByteBuffer.allocateDirect(this.batchBlocks * Volume.BLOCK_BYTES);
    }

    long movedBlocks() {
        return movedBlocks.get();
    }

    long releasedChunks() {
        return releasedChunks.get();
    }

    /// What is under way ends soon, without releasing anything.
    void stop() {
        isStopped = true;
    }

    /// Cleans up to so many chunks; returns how many were released.
    ///
    /// @param restFactor how long to rest after each batch, in times of what the batch took: moving shares
    /// disks and their syncs with whoever waits for a write
    int run(int chunksMax, int restFactor) {
        family.recountIfStale();
        List<ChunkRecord> emptied = policy.choose(candidates(), chunksMax).stream()
                .flatMap(candidate -> log.chunk(candidate.chunk()).stream())
                .filter(chunk -> !chunk.isOpen() && isEmptied(chunk, new Pace(restFactor, false)))
                .toList();
        return releaseAll(emptied);
    }

    /// Moves what is useful in these sealed chunks to chunks of the full profile, as long as enough holders
    /// are up for such, and releases them. Returns how many were released.
    int recode(List<ChunkRecord> chunks, int restFactor) {
        return releaseAll(chunks.stream()
                .filter(chunk -> isEmptied(chunk, new Pace(restFactor, true)))
                .toList());
    }

    /// Ends the chunk that a lane writes if it is of a former profile. Returns whether it is of the present
    /// one now; if not, too few holders are up for that.
    boolean endsFormerChunk(LogLane lane) {
        isShortOfHolders = lane.isOfOtherProfile() && !lane.useFullProfile();
        return !isShortOfHolders;
    }

    /// Whether too few holders were up for the present profile when data was last to be moved to it.
    boolean isShortOfHolders() {
        return isShortOfHolders;
    }

    private boolean isFull(LogLane to) {
        isShortOfHolders = !to.useFullProfile();
        return !isShortOfHolders;
    }

    /// How blocks are moved.
    ///
    /// @param restFactor how long to rest after each batch, in times of what the batch took
    /// @param isFullProfile whether they only go to chunks of the profile asked for
    private record Pace(int restFactor, boolean isFullProfile) {
        /// How long to rest after so many blocks were moved.
        long restNanos(long tookNanos, int blocks) {
            long atLeast = blocks * (long) Volume.BLOCK_BYTES * Duration.ofSeconds(1).toNanos()
                    / MOVE_BYTES_PER_SECOND_MAX - tookNanos;
            return restFactor == 0
                    ? 0
                    : Math.clamp(tookNanos * restFactor, Math.clamp(atLeast, 0, REST_NANOS_MAX),
                            REST_NANOS_MAX);
        }
    }

    private int releaseAll(List<ChunkRecord> emptied) {
        if (emptied.isEmpty() || isStopped) {
            return 0;
        }
        checkpoint.run();
        int released = 0;
        for (ChunkRecord chunk : emptied) {
            released += release(chunk) ? 1 : 0;
        }
        return released;
    }

    private List<Candidate<Long>> candidates() {
        long now = log.lastSequence();
        List<Candidate<Long>> candidates = new ArrayList<>();
        family.lock.lock();
        try {
            for (ChunkUsage.Use use : family.usage().all().values()) {
                if (use.isSealed) {
                    int generation = Math.max(0, use.generation - VolumeStore.MAP_LANE);
                    candidates.add(new Candidate<>(
                            use.number,
                            Math.min(use.usefulBlocks * Volume.BLOCK_BYTES, use.lengthBytes),
                            use.lengthBytes,
                            now - use.lastSequence,
                            generation));
                }
            }
        } finally {
            family.lock.unlock();
        }
        return candidates;
    }

    private boolean isEmptied(ChunkRecord chunk, Pace pace) {
        ChunkUsage.Use use = useOf(chunk);
        boolean isMap = use.generation == VolumeStore.MAP_LANE;
        LogLane to = isMap ? mapLane : laneAfter(use.generation);
        if (isStopped || (pace.isFullProfile && !isFull(to))) {
            return false;
        }
        if (isMap) {
            family.soilPagesIn(chunk.number());
            return true;
        }
        return isMoved(chunk, new Move(to, pace));
    }

    private ChunkUsage.Use useOf(ChunkRecord chunk) {
        family.lock.lock();
        try {
            return family.usage().use(chunk.number());
        } finally {
            family.lock.unlock();
        }
    }

    private LogLane laneAfter(int lane) {
        return lanes.get(policy.nextGeneration(Math.max(0, lane - VolumeStore.MAP_LANE)) - 1);
    }

    private boolean isMoved(ChunkRecord chunk, Move move) {
        NoteCarrier notes = new NoteCarrier(family);
        for (ScannedRow row : log.scan(chunk)) {
            if (isStopped || move.isElsewhere()) {
                return false;
            }
            if (row.isNote()) {
                notes.add(row);
            }
            for (int strip = 0; !row.isNote() && strip < StripBody.BLOCKS_MAX; strip++) {
                if ((row.existingMask() & 1 << strip) != 0) {
                    ByteBuffer body = row.body(strip);
                    for (int block = 0; block < row.blocksPerStrip(); block++) {
                        long key = StripBody.blockNumber(body, block);
                        long place = BlockPlace.of(chunk.number(), row.row(), strip, block);
                        if (family.isReferred(key, place)) {
                            move.add(key, row.birth(strip, block), place);
                        }
                    }
                }
            }
        }
        move.flush();
        notes.flush(move.lane, log.runtime());
        return !move.isElsewhere();
    }

    /// Blocks on their way from one chunk to another.
    private final class Move {
        private final LogLane lane;
        private final Pace pace;
        private final List<BlockRun> runs = new ArrayList<>();
        private final List<Long> births = new ArrayList<>();

        Move(LogLane lane, Pace pace) {
            this.lane = lane;
            this.pace = pace;
        }

        /// Whether they go to a chunk that is not of the profile it is about.
        boolean isElsewhere() {
            return pace.isFullProfile && lane.isOfOtherProfile();
        }

        void add(long key, long birth, long place) {
            runs.add(new BlockRun(place, 1, key, -1, runs.size() * Volume.BLOCK_BYTES));
            births.add(birth);
            if (runs.size() == batchBlocks) {
                flush();
            }
        }

        void flush() {
            if (runs.isEmpty()) {
                return;
            }
            long begin = log.runtime().nanoTime();
            log.read(runs, bytes.clear());
            LogBatch batch = log.runtime().batch();
            for (int i = 0; i < runs.size(); i++) {
                batch.addMoved(runs.get(i).key(), births.get(i), bytes);
            }
            lane.append(batch);
            Failures.await(batch.done());
            family.lock.lock();
            try {
                for (int i = 0; i < runs.size(); i++) {
                    family.moved(runs.get(i).key(), runs.get(i).place(), batch.place(i));
                }
            } finally {
                family.lock.unlock();
            }
            movedBlocks.addAndGet(runs.size());
            log.runtime().recycle(batch);
            LockSupport.parkNanos(pace.restNanos(log.runtime().nanoTime() - begin, runs.size()));
            runs.clear();
            births.clear();
        }
    }

    /// Releases a chunk if nothing refers to it and a durable checkpoint knows.
    private boolean release(ChunkRecord chunk) {
        family.lock.lock();
        try {
            ChunkUsage.Use use = family.usage().use(chunk.number());
            boolean isMap = use.generation == VolumeStore.MAP_LANE;
            boolean isFree = isMap ? use.usefulBlocks == 0 : use.lastSequence <= family.checkpointSequence();
            if (!isFree) {
                return false;
            }
            family.usage().remove(chunk.number());
        } finally {
            family.lock.unlock();
        }
        log.runtime().directory().reportUseful(log.id(), log.token(), Map.of(chunk.id(), 0L));
        log.release(chunk, Optional.empty());
        releasedChunks.incrementAndGet();
        LOG.debug("a chunk was cleaned: chunk={} lengthBytes={}", chunk.id(), chunk.lengthBytes());
        return true;
    }
}
