package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.HolderId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the strips of a chunk say about themselves, from all holders at once, without their payloads.
/// Confined to its caller; blocks.
public final class ChunkScan {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkScan.class);

    private static final int ROWS_UNKNOWN = Integer.MAX_VALUE;

    private final LogRuntime runtime;
    private final ChunkRecord chunk;
    private final TreeMap<Integer, @Nullable StripHeader[]> rows = new TreeMap<>();
    private @Nullable List<ScannedRow> beginning;
    private int rowLimit = ROWS_UNKNOWN;
    private int readMask;
    private int absentMask;

    private ChunkScan(LogRuntime runtime, ChunkRecord chunk) {
        this.runtime = runtime;
        this.chunk = chunk;
    }

    /// Reads all fragments that can be read, but for those in `skipMask`.
    static ChunkScan read(LogRuntime runtime, ChunkRecord chunk, int skipMask) {
        ChunkScan scan = new ChunkScan(runtime, chunk);
        Map<Integer, CompletableFuture<HeaderPage>> first = new TreeMap<>();
        for (int i = 0; i < chunk.holders().size(); i++) {
            if ((skipMask & 1 << i) == 0) {
                first.put(i, scan.ask(i, 0, FragmentHolder.LISTED_MAX));
            }
        }
        first.forEach(scan::readFragment);
        return scan;
    }

    private CompletableFuture<HeaderPage> ask(int index, int fromRow, int countMax) {
        return runtime.holders()
                .holder(chunk.holders().get(index))
                .headers(chunk.fragment(index), fromRow, countMax);
    }

    /// The rows of a sealed chunk, each with enough strips to know its blocks. Data fragments are read
    /// first, the others once that is not enough or takes long; then whoever answers first counts, also
    /// those given up as lost: what they have may be what is missing.
    static List<ScannedRow> readable(LogRuntime runtime, ChunkRecord chunk) {
        ChunkScan scan = new ChunkScan(runtime, chunk);
        Answered answered = new Answered(new LinkedBlockingQueue<>(), new TreeMap<>());
        scan.ask(answered, index -> index < chunk.profile().dataStrips()
                && !chunk.isLost(index)
                && !runtime.health().isLate(chunk.holders().get(index)));
        if (!scan.collect(answered, HolderHealth.LATE_NANOS)) {
            answered.asked.keySet().forEach(index -> runtime.health().late(chunk.holders().get(index)));
            scan.ask(answered, _ -> true);
            if (!scan.collect(answered, HolderHealth.PATIENCE_NANOS)) {
                answered.asked.keySet().forEach(index ->
                        runtime.health().suspect(chunk.holders().get(index)));
            }
        }
        return scan.whole();
    }

    /// Whether a sealed chunk has no rows, as so many fragments tell that one of them would have any.
    ///
    /// @throws StoreUnavailableException if fewer answer
    static boolean isWithoutRows(LogRuntime runtime, ChunkRecord chunk) {
        ChunkScan scan = read(runtime, chunk, 0);
        if (!scan.rows().isEmpty()) {
            return false;
        }
        int answered = Integer.bitCount((scan.readMask | scan.absentMask) & ~chunk.lostMask());
        if (answered < chunk.profile().dataStrips()) {
            throw new StoreUnavailableException("too few holders tell whether a chunk has rows: chunk="
                    + chunk.id() + " needed=" + chunk.profile().dataStrips() + " answered=" + answered);
        }
        return true;
    }

    /// Fragments whose first headers came, in that order, and those whose have not been looked at yet.
    private record Answered(
            BlockingQueue<Integer> came, Map<Integer, CompletableFuture<HeaderPage>> asked) {}

    /// Asks for all fragments of a kind that were neither asked for nor read.
    private void ask(Answered answered, IntPredicate kind) {
        for (int i = 0; i < chunk.holders().size(); i++) {
            boolean isKnown = ((readMask | absentMask) & 1 << i) != 0 || answered.asked.containsKey(i);
            if (!isKnown && kind.test(i)) {
                int index = i;
                CompletableFuture<HeaderPage> first = ask(index, 0, FragmentHolder.LISTED_MAX);
                answered.asked.put(index, first);
                CompletableFuture<?> _ = first.whenComplete((_, _) -> answered.came.add(index));
            }
        }
    }

    /// Reads what comes until that is all of the chunk, nothing more is to come, or the time is over.
    ///
    /// @return whether it is all of the chunk
    private boolean collect(Answered answered, long nanos) {
        long endNanos = runtime.nanoTime() + nanos;
        try {
            while (!isWhole() && !answered.asked.isEmpty()) {
                Integer next = answered.came.poll(endNanos - runtime.nanoTime(), TimeUnit.NANOSECONDS);
                CompletableFuture<HeaderPage> first = next == null ? null : answered.asked.remove(next);
                if (next == null || first == null) {
                    break;
                }
                readFragment(next, first);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return isWhole();
    }

    /// Whether all is known: any fragments that are whole, as many as there are data strips, tell of every
    /// row. Those given up as lost may lack rows and have some that were cut off: then the others must have
    /// said how many there are.
    private boolean isWhole() {
        if (!isEnough()) {
            return false;
        }
        if (Integer.bitCount(readMask & ~chunk.lostMask()) >= chunk.profile().dataStrips()) {
            return true;
        }
        if (rowLimit == ROWS_UNKNOWN) {
            rowLimit = sealedRows();
            beginning = null;
        }
        return beginning().size() == rowLimit;
    }

    private boolean isEnough() {
        return Integer.bitCount(readMask) >= chunk.profile().dataStrips()
                && bytesOf(beginning()) == chunk.lengthBytes();
    }

    /// How many rows the chunk has, as one of the fragments that were read and are whole tells.
    private int sealedRows() {
        for (int i = 0; i < chunk.holders().size(); i++) {
            if ((readMask & ~chunk.lostMask() & 1 << i) != 0) {
                HolderId id = chunk.holders().get(i);
                try {
                    return Answers.await(
                                    runtime.holders().holder(id).status(chunk.fragment(i)),
                                    id,
                                    runtime.health())
                            .filter(status -> status.state() == FragmentState.SEALED)
                            .map(FragmentStatus::rowLimit)
                            .orElse(ROWS_UNKNOWN);
                } catch (ChunkStoreException reason) {
                    LOG.debug("a holder does not tell how long a fragment is: holder={}", id, reason);
                }
            }
        }
        return ROWS_UNKNOWN;
    }

    /// The rows from the first on that can be known, up to the chunk's length; what lies behind was cut off.
    private List<ScannedRow> beginning() {
        List<ScannedRow> known = beginning;
        if (known != null) {
            return known;
        }
        List<ScannedRow> found = new ArrayList<>(rows.size());
        long bytes = 0;
        for (ScannedRow row : rows()) {
            boolean isNext = row.row() == found.size() && row.row() < rowLimit && row.isComputable();
            if (!isNext || bytes + row.dataBytes() > chunk.lengthBytes()) {
                break;
            }
            bytes += row.dataBytes();
            found.add(row);
        }
        beginning = found;
        return found;
    }

    private static long bytesOf(List<ScannedRow> some) {
        return some.stream().mapToLong(ScannedRow::dataBytes).sum();
    }

    private List<ScannedRow> whole() {
        if (!isEnough()) {
            throw new StoreUnavailableException("too few fragments of a chunk can be read: chunk="
                    + chunk.id() + " read=" + Integer.toBinaryString(readMask) + " bytes="
                    + bytesOf(beginning()) + " lengthBytes=" + chunk.lengthBytes());
        }
        return beginning();
    }

    /// The first row of each chunk, if the holder of the strip that it begins with tells.
    static Map<Long, ScannedRow> firstRows(LogRuntime runtime, Collection<ChunkRecord> chunks) {
        Map<ChunkRecord, CompletableFuture<HeaderPage>> asked = new LinkedHashMap<>();
        for (ChunkRecord chunk : chunks) {
            boolean isSkipped = chunk.isLost(0) || runtime.health().isLate(chunk.holders().getFirst());
            if (!isSkipped) {
                asked.put(chunk, new ChunkScan(runtime, chunk).ask(0, 0, 1));
            }
        }
        Map<Long, ScannedRow> found = new HashMap<>();
        asked.forEach((chunk, future) -> {
            HolderId first = chunk.holders().getFirst();
            try {
                List<StripHeader> headers =
                        Answers.await(future, runtime.health().isLate(first) ? 0 : HolderHealth.LATE_NANOS)
                                .headers();
                if (!headers.isEmpty() && headers.getFirst().row() == 0) {
                    @Nullable StripHeader[] row = new @Nullable StripHeader[chunk.profile().strips()];
                    row[0] = headers.getFirst();
                    found.put(chunk.number(), new ScannedRow(chunk.profile(), row));
                }
            } catch (ChunkStoreException reason) {
                runtime.health().late(first);
                LOG.debug("the first row of a chunk is not known: chunk={}", chunk.id(), reason);
            }
        });
        return found;
    }

    private void readFragment(int index, CompletableFuture<HeaderPage> first) {
        HolderId holder = chunk.holders().get(index);
        List<StripHeader> found = new ArrayList<>();
        try {
            HeaderPage page = Answers.await(first, holder, runtime.health());
            found.addAll(page.headers());
            while (!page.isLast()) {
                page = Answers.await(
                        ask(index, page.nextRow(), FragmentHolder.LISTED_MAX), holder, runtime.health());
                found.addAll(page.headers());
            }
        } catch (FragmentNotFoundException _) {
            absentMask |= 1 << index;
            return;
        } catch (ChunkStoreException _) {
            return; // Neither read nor known to be absent.
        }
        readMask |= 1 << index;
        beginning = null;
        for (StripHeader header : found) {
            rows.computeIfAbsent(header.row(), _ -> new @Nullable StripHeader[chunk.profile().strips()])
                            [index] = header;
        }
    }

    /// Bit i is set if fragment i was read to its end.
    int readMask() {
        return readMask;
    }

    /// Bit i is set if the holder of fragment i says that it has none.
    int absentMask() {
        return absentMask;
    }

    /// The rows of which any strip was seen, in order.
    public List<ScannedRow> rows() {
        List<ScannedRow> scanned = new ArrayList<>(rows.size());
        for (Map.Entry<Integer, @Nullable StripHeader[]> row : rows.entrySet()) {
            scanned.add(new ScannedRow(chunk.profile(), row.getValue()));
        }
        return scanned;
    }
}
