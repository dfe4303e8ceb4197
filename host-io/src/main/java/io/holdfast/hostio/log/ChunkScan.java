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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Reads what the strips of a chunk say about themselves, from all holders at once, without their payloads.
/// Confined to its caller; blocks.
public final class ChunkScan {
    private final LogRuntime runtime;
    private final ChunkRecord chunk;
    private final TreeMap<Integer, @Nullable StripHeader[]> rows = new TreeMap<>();
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
                first.put(i, scan.ask(i, 0));
            }
        }
        first.forEach(scan::readFragment);
        return scan;
    }

    private CompletableFuture<HeaderPage> ask(int index, int fromRow) {
        return runtime.holders()
                .holder(chunk.holders().get(index))
                .headers(chunk.fragment(index), fromRow, FragmentHolder.LISTED_MAX);
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
            if (Integer.bitCount(scan.readMask) < chunk.profile().dataStrips() || scan.hasGaps()) {
                throw new StoreUnavailableException("too few fragments of a chunk can be read: chunk="
                        + chunk.id() + " read=" + Integer.toBinaryString(scan.readMask));
            }
        }
        return scan.rows();
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
            HeaderPage page = Answers.await(first, holder, runtime.health());
            found.addAll(page.headers());
            while (!page.isLast()) {
                page = Answers.await(ask(index, page.nextRow()), holder, runtime.health());
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
