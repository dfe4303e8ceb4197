package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes lost fragments of sealed chunks whole again. Confined to its caller; blocks.
///
/// A fragment that is where it was is completed there; any other is computed from the rest of its chunk at a
/// spare holder. Either way all its strips are read back before the directory hears of it, and only then is
/// the old one deleted. What was begun and interrupted goes on where it stopped, if the same holder is
/// chosen again.
public final class FragmentRepair {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentRepair.class);
    /// A message's worth: 1 MiB of the widest strips.
    private static final int STRIPS_AT_ONCE = 16;

    private final LogRuntime runtime;
    private final long token;
    private final long bytesPerSecondMax;
    private final RowReader reader;

    /// @param token of the stream's writer, on whose behalf fragments are written
    /// @param bytesPerSecondMax how much is computed per second at most
    public FragmentRepair(LogRuntime runtime, long token, long bytesPerSecondMax) {
        this.runtime = runtime;
        this.token = token;
        this.bytesPerSecondMax = bytesPerSecondMax;
        this.reader = new RowReader(runtime);
    }

    /// Sees to all lost fragments of a chunk; returns whether none is left.
    ///
    /// @throws ChunkStoreException if too little of the chunk can be read
    /// @throws io.holdfast.hostio.holder.ChunkDirectoryException if the directory cannot decide
    public boolean repair(ChunkRecord chunk) {
        List<ScannedRow> rows = ChunkScan.readable(runtime, chunk);
        boolean isWhole = true;
        ChunkRecord now = chunk;
        for (int index = 0; index < chunk.profile().strips(); index++) {
            if (now.isLost(index)) {
                isWhole &= repair(now, rows, index);
                now = runtime.directory().find(chunk.id()).orElse(now);
            }
        }
        return isWhole;
    }

    private boolean repair(ChunkRecord chunk, List<ScannedRow> rows, int index) {
        HolderId before = chunk.holders().get(index);
        if (isRepairedAt(chunk, rows, index, before)) {
            runtime.directory().replace(chunk, index, before);
            return true;
        }
        Set<HolderId> avoid = new HashSet<>(runtime.health().suspects());
        Optional<HolderId> spare = runtime.directory().spare(chunk, index, avoid);
        if (spare.isEmpty()) {
            LOG.info("no holder for a lost fragment: fragment={}", chunk.fragment(index));
            return false;
        }
        if (spare.get().equals(before)) {
            requireComputable(chunk, rows, index);
            await(before, holder(before).delete(chunk.fragment(index), token));
        }
        if (!isRepairedAt(chunk, rows, index, spare.get())) {
            return false;
        }
        ChunkDirectory directory = runtime.directory();
        directory.replace(chunk, index, spare.get());
        if (!spare.get().equals(before)) {
            Optional<ChunkStoreException> later = Answers.failure(
                    holder(before).delete(chunk.fragment(index), token), before, runtime.health());
            LOG.info("a fragment was rebuilt: fragment={} from={} to={} oldDeleted={}",
                    chunk.fragment(index), before, spare.get(), later.isEmpty());
        }
        return true;
    }

    private FragmentHolder holder(HolderId id) {
        return runtime.holders().holder(id);
    }

    private <T> T await(HolderId holder, CompletableFuture<T> future) {
        return Answers.await(future, holder, runtime.health());
    }

    /// A fragment is deleted before it is written anew only if every strip of it was computed once.
    private void requireComputable(ChunkRecord chunk, List<ScannedRow> rows, int index) {
        for (ScannedRow row : rows) {
            if ((row.expectedMask() & 1 << index) != 0) {
                reader.strip(chunk, row, index);
            }
        }
    }

    /// Completes the fragment at a holder and reads it back.
    private boolean isRepairedAt(ChunkRecord chunk, List<ScannedRow> rows, int index, HolderId at) {
        try {
            Optional<FragmentStatus> status = await(at, holder(at).status(chunk.fragment(index)));
            if (status.isEmpty()) {
                await(at, holder(at).create(chunk.fragment(index), chunk.profile(), token));
            } else if (status.get().state() == FragmentState.DAMAGED) {
                return false;
            }
            boolean isOpen = status.isEmpty() || status.get().state() == FragmentState.OPEN;
            if (isOpen) {
                complete(chunk, rows, index, at);
                await(at, holder(at).seal(chunk.fragment(index), token, rows.size()));
            }
            return isWhole(chunk, rows, index, at);
        } catch (ChunkStoreException failure) {
            LOG.info("a fragment is not repaired here: fragment={} holder={} reason={}",
                    chunk.fragment(index), at, failure.getMessage());
            return false;
        }
    }

    private void complete(ChunkRecord chunk, List<ScannedRow> rows, int index, HolderId at) {
        Set<Integer> there = rowsAt(chunk, index, at);
        List<Strip> missing = new ArrayList<>();
        for (ScannedRow row : rows) {
            if ((row.expectedMask() & 1 << index) != 0 && !there.contains(row.row())) {
                missing.add(reader.strip(chunk, row, index));
            }
            if (missing.size() == STRIPS_AT_ONCE) {
                append(chunk, index, at, missing);
                missing = new ArrayList<>();
            }
        }
        if (!missing.isEmpty()) {
            append(chunk, index, at, missing);
        }
    }

    private Set<Integer> rowsAt(ChunkRecord chunk, int index, HolderId at) {
        Set<Integer> there = new HashSet<>();
        int from = 0;
        while (from != HeaderPage.END) {
            HeaderPage page = await(
                    at, holder(at).headers(chunk.fragment(index), from, FragmentHolder.LISTED_MAX));
            page.headers().forEach(header -> there.add(header.row()));
            from = page.nextRow();
        }
        return there;
    }

    private void append(ChunkRecord chunk, int index, HolderId at, List<Strip> strips) {
        long begin = runtime.nanoTime();
        long bytes = strips.stream().mapToLong(strip -> strip.header().payloadBytes()).sum();
        await(at, holder(at).append(chunk.fragment(index), token, strips));
        long due = bytes * 1_000_000_000L / bytesPerSecondMax;
        LockSupport.parkNanos(Math.max(0, due - (runtime.nanoTime() - begin)));
    }

    /// Reads every strip of the fragment and compares it with what the rest of the chunk says of its row.
    private boolean isWhole(ChunkRecord chunk, List<ScannedRow> rows, int index, HolderId at) {
        List<ScannedRow> expected =
                rows.stream().filter(row -> (row.expectedMask() & 1 << index) != 0).toList();
        for (int from = 0; from < expected.size(); from += STRIPS_AT_ONCE) {
            List<ScannedRow> part = expected.subList(from, Math.min(expected.size(), from + STRIPS_AT_ONCE));
            List<StripRange> ranges = part.stream()
                    .map(row -> StripRange.whole(chunk.fragment(index), row.row()))
                    .toList();
            List<StripAnswer> answers = await(at, holder(at).read(ranges));
            for (int i = 0; i < part.size(); i++) {
                if (!isStripOf(part.get(i), answers.get(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isStripOf(ScannedRow row, StripAnswer answer) {
        return switch (answer) {
            case StripAnswer.Found found ->
                found.header().sequence() == row.sequence()
                        && found.header().existingMask() == row.existingMask()
                        && found.bytes().remaining() == row.blocksPerStrip() * StripHeader.BLOCK_BYTES
                        && Checksum.of(found.bytes()) == found.header().payloadChecksum();
            case StripAnswer.Failed(StoreUnavailableException unavailable) -> throw unavailable;
            case StripAnswer.Failed _ -> false;
        };
    }
}
