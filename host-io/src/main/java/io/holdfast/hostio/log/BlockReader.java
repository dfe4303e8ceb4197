package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads blocks by their places. Concurrent; blocks.
///
/// Each block is checked to be the one asked for and to be what was written: the strip's header names its
/// blocks and their checksums. A holder that fails, answers wrongly, or takes much longer than usual is gone
/// round: its strip is computed from the others of the row.
final class BlockReader {
    private static final Logger LOG = LoggerFactory.getLogger(BlockReader.class);
    private static final int BLOCK_BYTES = StripHeader.BLOCK_BYTES;
    /// When the others of a row take longer, the holder that was gone round is asked after all: its fragment
    /// may only be given up as lost.
    private static final long AROUND_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final LogRuntime runtime;
    private final ChunkTable chunks;
    private final RowReader rows;
    private final DamageListener damages;

    BlockReader(LogRuntime runtime, ChunkTable chunks, DamageListener damages) {
        this.runtime = runtime;
        this.chunks = chunks;
        this.rows = new RowReader(runtime);
        this.damages = damages;
    }

    /// A read that is on its way.
    private record Asked(
            HolderId holder, List<BlockRun> runs, CompletableFuture<List<StripAnswer>> answers, long since) {}

    /// Fills the target, from its position on, with the runs' blocks; the position stays.
    ///
    /// @throws ChunkStoreException if a block cannot be read at all
    void read(List<BlockRun> runs, ByteBuffer target) {
        List<BlockRun> here = new ArrayList<>(runs.size());
        List<BlockRun> around = new ArrayList<>(0);
        List<Asked> asked = ask(runs, here, around);
        for (BlockRun run : here) {
            if (!readHere(run, target)) {
                around.add(run);
            }
        }
        for (Asked each : asked) {
            collect(each, target, around);
        }
        for (BlockRun run : around) {
            readAround(run, target);
        }
    }

    private List<Asked> ask(List<BlockRun> runs, List<BlockRun> here, List<BlockRun> around) {
        Map<HolderId, List<BlockRun>> elsewhere = new LinkedHashMap<>(4);
        for (BlockRun run : runs) {
            ChunkRecord chunk = chunks.get(BlockPlace.chunk(run.place()));
            int index = BlockPlace.strip(run.place());
            HolderId holder = chunk.holders().get(index);
            boolean isLost = chunk.isLost(index) && canGoRound(chunk, index);
            if (isLost || runtime.health().isSuspect(holder)) {
                around.add(run);
            } else if (runtime.holders().holder(holder).store().isPresent()) {
                here.add(run);
            } else {
                elsewhere.computeIfAbsent(holder, _ -> new ArrayList<>()).add(run);
            }
        }
        List<Asked> asked = new ArrayList<>(elsewhere.size());
        elsewhere.forEach((holder, mine) -> {
            for (int from = 0; from < mine.size(); from += FragmentHolder.RANGES_MAX) {
                List<BlockRun> part =
                        mine.subList(from, Math.min(mine.size(), from + FragmentHolder.RANGES_MAX));
                List<StripRange> ranges = part.stream().map(this::range).toList();
                long since = runtime.nanoTime();
                asked.add(new Asked(holder, part, runtime.holders().holder(holder).read(ranges), since));
            }
        });
        return asked;
    }

    /// Whether enough others are whole and answer; if not, one that is given up as lost may still have what
    /// is asked for.
    private boolean canGoRound(ChunkRecord chunk, int index) {
        int others = 0;
        for (int i = 0; i < chunk.holders().size(); i++) {
            boolean isThere = i != index
                    && !chunk.isLost(i)
                    && !runtime.health().isSuspect(chunk.holders().get(i));
            others += isThere ? 1 : 0;
        }
        return others >= chunk.profile().dataStrips();
    }

    private FragmentId fragment(long place) {
        return chunks.get(BlockPlace.chunk(place)).fragment(BlockPlace.strip(place));
    }

    private StripRange range(BlockRun run) {
        long place = run.place();
        return new StripRange(
                fragment(place), BlockPlace.row(place), BlockPlace.block(place), run.blocks());
    }

    private boolean readHere(BlockRun run, ByteBuffer target) {
        long place = run.place();
        HolderId holder = chunks.get(BlockPlace.chunk(place)).holders().get(BlockPlace.strip(place));
        Optional<FragmentStore> store = runtime.holders().holder(holder).store();
        try {
            ByteBuffer part = part(run, target);
            StripHeader header = store.orElseThrow().readBlocks(
                    fragment(place), BlockPlace.row(place), BlockPlace.block(place), run.blocks(), part);
            requireKeys(run, header.body());
            return true;
        } catch (ChunkStoreException reason) {
            noteFailure(run, reason);
        } catch (DiskException failure) {
            noteFailure(run, new StoreUnavailableException("the disk failed: holder=" + holder, failure));
        }
        return false;
    }

    private static ByteBuffer part(BlockRun run, ByteBuffer target) {
        return target.slice(target.position() + run.targetOffset(), run.blocks() * BLOCK_BYTES);
    }

    private void collect(Asked asked, ByteBuffer target, List<BlockRun> around) {
        List<StripAnswer> answers;
        try {
            long patience = runtime.health().hedgeNanos(asked.holder) + asked.since - runtime.nanoTime();
            answers = Answers.await(asked.answers, patience);
            runtime.health().readTook(asked.holder, runtime.nanoTime() - asked.since);
        } catch (ChunkStoreException reason) {
            if (asked.answers.isCompletedExceptionally()) {
                runtime.health().suspect(asked.holder);
            } else {
                runtime.health().readLasted(asked.holder, runtime.nanoTime() - asked.since);
            }
            LOG.debug("reads go round a holder: holder={} runs={} reason={}",
                    asked.holder, asked.runs.size(), reason.getMessage());
            around.addAll(asked.runs);
            return;
        }
        for (int i = 0; i < asked.runs.size(); i++) {
            if (!take(asked.runs.get(i), answers.get(i), target)) {
                around.add(asked.runs.get(i));
            }
        }
    }

    private boolean take(BlockRun run, StripAnswer answer, ByteBuffer target) {
        return switch (answer) {
            case StripAnswer.Failed failed -> {
                noteFailure(run, failed.reason());
                yield false;
            }
            case StripAnswer.Found found -> {
                try {
                    requireBlocks(run, found.header().body(), found.bytes());
                    part(run, target).put(found.bytes().duplicate());
                    yield true;
                } catch (CorruptDataException reason) {
                    noteFailure(run, reason);
                    yield false;
                }
            }
        };
    }

    private void noteFailure(BlockRun run, ChunkStoreException reason) {
        LOG.info("a block is computed instead of read: place={} key={} reason={}",
                BlockPlace.text(run.place()), run.key(), reason.getMessage());
        if (reason instanceof CorruptDataException) {
            damages.onDamaged(fragment(run.place()), BlockPlace.row(run.place()), reason);
        } else if (reason instanceof FragmentNotFoundException) {
            chunks.refreshIfThere(BlockPlace.chunk(run.place())); // It may have been rebuilt elsewhere.
        }
    }

    private void readAround(BlockRun run, ByteBuffer target) {
        long number = BlockPlace.chunk(run.place());
        try {
            put(run, compute(chunks.get(number), run, AROUND_NANOS_MAX), target);
        } catch (StoreUnavailableException | CorruptDataException reason) {
            LOG.debug("a row is asked for again: place={}", BlockPlace.text(run.place()), reason);
            readAgain(run, chunks.refresh(number), target);
        }
    }

    private Strip compute(ChunkRecord chunk, BlockRun run, long nanos) {
        return rows.compute(chunk, BlockPlace.row(run.place()), BlockPlace.strip(run.place()), nanos);
    }

    private static void put(BlockRun run, Strip strip, ByteBuffer target) {
        int offset = BlockPlace.block(run.place()) * BLOCK_BYTES;
        ByteBuffer bytes = strip.payload().slice(offset, run.blocks() * BLOCK_BYTES);
        requireBlocks(run, strip.header().body(), bytes);
        part(run, target).put(bytes);
    }

    /// The last means: the fragments may lie elsewhere by now, and the holder gone round may answer after
    /// all. As long as it does not, nothing is proven to be damaged.
    private void readAgain(BlockRun run, ChunkRecord chunk, ByteBuffer target) {
        StripAnswer own = ask(chunk, run);
        if (own instanceof StripAnswer.Found && take(run, own, target)) {
            return;
        }
        try {
            put(run, compute(chunk, run, RowReader.GATHER_NANOS_MAX), target);
        } catch (CorruptDataException damaged) {
            if (StripGathering.isFinal(own) || chunk.isLost(BlockPlace.strip(run.place()))) {
                throw damaged;
            }
            throw new StoreUnavailableException(
                    "a strip cannot be computed, and its holder does not answer: place="
                            + BlockPlace.text(run.place()), damaged);
        }
    }

    private StripAnswer ask(ChunkRecord chunk, BlockRun run) {
        int index = BlockPlace.strip(run.place());
        StripRange range = new StripRange(
                chunk.fragment(index),
                BlockPlace.row(run.place()),
                BlockPlace.block(run.place()),
                run.blocks());
        try {
            return Answers.await(
                            runtime.holders().holder(chunk.holders().get(index)).read(List.of(range)),
                            HolderHealth.PATIENCE_NANOS)
                    .getFirst();
        } catch (ChunkStoreException reason) {
            return new StripAnswer.Failed(reason);
        }
    }

    private static void requireBlocks(BlockRun run, ByteBuffer body, ByteBuffer bytes) {
        ByteBuffer numbers = requireKeys(run, body);
        int first = BlockPlace.block(run.place());
        for (int i = 0; i < run.blocks(); i++) {
            int expected = StripBody.checksum(numbers, first + i);
            int actual = Checksum.of(bytes, bytes.position() + i * BLOCK_BYTES, BLOCK_BYTES);
            if (expected != actual) {
                throw new CorruptDataException(
                        place(run),
                        "crc32c " + Integer.toHexString(expected) + " of block " + (run.key() + i),
                        Integer.toHexString(actual));
            }
        }
    }

    private static ByteBuffer requireKeys(BlockRun run, ByteBuffer body) {
        ByteBuffer numbers = body.order() == ByteOrder.LITTLE_ENDIAN
                ? body
                : body.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int first = BlockPlace.block(run.place());
        for (int i = 0; i < run.blocks(); i++) {
            long found = StripBody.blockNumber(numbers, first + i);
            if (!run.matches(i, found)) {
                throw new CorruptDataException(
                        place(run), "block " + (run.key() + i), "block " + found);
            }
        }
        return numbers;
    }

    private static Place place(BlockRun run) {
        return new Place("log", BlockPlace.text(run.place()), BlockPlace.row(run.place()));
    }
}
