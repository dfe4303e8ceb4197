package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the strips of a chunk say about themselves, from all holders at once, without their payloads.
/// Confined to its caller; blocks.
public final class ChunkScan {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkScan.class);

    private final LogRuntime runtime;
    private final ChunkRecord chunk;
    private final TreeMap<Integer, @Nullable StripHeader[]> rows = new TreeMap<>();
    private final Patience patience;
    private int readMask;
    private int absentMask;

    /// How long each holder is waited for.
    private enum Patience {
        /// Not long for those that did not answer lately.
        USUAL,
        /// Long enough for all, because without their answers there is nothing left to ask.
        LAST_RESORT
    }

    private ChunkScan(LogRuntime runtime, ChunkRecord chunk, Patience patience) {
        this.runtime = runtime;
        this.chunk = chunk;
        this.patience = patience;
    }

    /// Reads all fragments that can be read, but for those in `skipMask`.
    static ChunkScan read(LogRuntime runtime, ChunkRecord chunk, int skipMask) {
        return read(new ChunkScan(runtime, chunk, Patience.USUAL), skipMask);
    }

    private static ChunkScan read(ChunkScan scan, int skipMask) {
        ChunkRecord chunk = scan.chunk;
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
    /// first, the others only if that is not enough.
    static List<ScannedRow> readable(LogRuntime runtime, ChunkRecord chunk) {
        int dataMask = (1 << chunk.profile().dataStrips()) - 1;
        int suspectMask = 0;
        for (int i = 0; i < chunk.holders().size(); i++) {
            suspectMask |= runtime.health().isSuspect(chunk.holders().get(i)) ? 1 << i : 0;
        }
        ChunkScan scan = read(runtime, chunk, ~dataMask | chunk.lostMask() | suspectMask);
        if ((scan.readMask & dataMask) != dataMask || scan.hasGaps()) {
            scan = read(runtime, chunk, chunk.lostMask());
        }
        if (scan.isShort()) {
            // What was given up as lost may be there after all, and who was slow may answer.
            scan = read(new ChunkScan(runtime, chunk, Patience.LAST_RESORT), 0);
        }
        return scan.whole();
    }

    /// The rows up to the chunk's length; what lies behind was cut off.
    private List<ScannedRow> whole() {
        List<ScannedRow> whole = new ArrayList<>(rows.size());
        long bytes = 0;
        for (ScannedRow row : rows()) {
            boolean isNext = row.row() == whole.size() && row.isComputable();
            if (!isNext || bytes + row.dataBytes() > chunk.lengthBytes()) {
                break;
            }
            bytes += row.dataBytes();
            whole.add(row);
        }
        if (Integer.bitCount(readMask) < chunk.profile().dataStrips() || bytes != chunk.lengthBytes()) {
            throw new StoreUnavailableException("too few fragments of a chunk can be read: chunk="
                    + chunk.id() + " read=" + Integer.toBinaryString(readMask) + " bytes=" + bytes
                    + " lengthBytes=" + chunk.lengthBytes());
        }
        return whole;
    }

    /// The first row of each chunk, if the holder of the strip that it begins with tells.
    static Map<Long, ScannedRow> firstRows(LogRuntime runtime, Collection<ChunkRecord> chunks) {
        Map<ChunkRecord, CompletableFuture<HeaderPage>> asked = new LinkedHashMap<>();
        for (ChunkRecord chunk : chunks) {
            boolean isSkipped = chunk.isLost(0) || runtime.health().isSuspect(chunk.holders().getFirst());
            if (!isSkipped) {
                asked.put(chunk, new ChunkScan(runtime, chunk, Patience.USUAL).ask(0, 0, 1));
            }
        }
        Map<Long, ScannedRow> found = new HashMap<>();
        asked.forEach((chunk, future) -> {
            try {
                List<StripHeader> headers =
                        Answers.await(future, chunk.holders().getFirst(), runtime.health())
                        .headers();
                if (!headers.isEmpty() && headers.getFirst().row() == 0) {
                    @Nullable StripHeader[] row = new @Nullable StripHeader[chunk.profile().strips()];
                    row[0] = headers.getFirst();
                    found.put(chunk.number(), new ScannedRow(chunk.profile(), row));
                }
            } catch (ChunkStoreException reason) {
                LOG.debug("the first row of a chunk is not known: chunk={}", chunk.id(), reason);
            }
        });
        return found;
    }

    private boolean isShort() {
        return Integer.bitCount(readMask) < chunk.profile().dataStrips() || hasGaps();
    }

    /// Whether a row is missing, or has too few strips to know its blocks.
    private boolean hasGaps() {
        int next = 0;
        for (ScannedRow row : rows()) {
            if (row.row() != next || !row.isComputable()) {
                return true;
            }
            next++;
        }
        return false;
    }

    private void readFragment(int index, CompletableFuture<HeaderPage> first) {
        HolderId holder = chunk.holders().get(index);
        List<StripHeader> found = new ArrayList<>();
        try {
            HeaderPage page = await(first, holder);
            found.addAll(page.headers());
            while (!page.isLast()) {
                page = await(ask(index, page.nextRow(), FragmentHolder.LISTED_MAX), holder);
                found.addAll(page.headers());
            }
        } catch (FragmentNotFoundException _) {
            absentMask |= 1 << index;
            return;
        } catch (ChunkStoreException _) {
            return; // Neither read nor known to be absent.
        }
        readMask |= 1 << index;
        for (StripHeader header : found) {
            rows.computeIfAbsent(header.row(), _ -> new @Nullable StripHeader[chunk.profile().strips()])
                            [index] = header;
        }
    }

    private HeaderPage await(CompletableFuture<HeaderPage> page, HolderId holder) {
        return patience == Patience.USUAL
                ? Answers.await(page, holder, runtime.health())
                : Answers.await(page, HolderHealth.PATIENCE_NANOS);
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
