package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HolderId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a chunk that another writer left open. Confined to its caller; blocks.
///
/// Tokens go to all holders first: from then on the old writer gets nothing acknowledged, and at least k of
/// the fragments must answer, so that each acknowledged row is seen. Acknowledged rows are a prefix of the
/// chunk, and each of them has as many strips among any k fragments as it has data strips. So the chunk ends
/// before the first row for which that does not hold; what lies behind was never acknowledged.
final class ChunkRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkRecovery.class);
    /// Strips computed before they are sent: 4 MiB of the widest.
    private static final int STRIPS_AT_ONCE = 64;

    private final LogStream stream;
    private final ChunkSealer sealer;
    private final ChunkRecord chunk;
    private final List<FragmentHolder> holders;
    private final RowReader reader;

    ChunkRecovery(LogStream stream, ChunkSealer sealer, ChunkRecord chunk) {
        this.stream = stream;
        this.sealer = sealer;
        this.chunk = chunk;
        this.holders = stream.holdersOf(chunk);
        this.reader = new RowReader(stream.runtime());
    }

    /// Completes, discards and seals. Returns the rows that the chunk has now.
    ///
    /// @throws StoreUnavailableException if too few holders answer
    List<ScannedRow> run() {
        int unreached = installTokens();
        ChunkScan scan = ChunkScan.read(stream.runtime(), chunk, unreached);
        List<ScannedRow> seen = scan.rows();
        int known = Integer.bitCount(scan.readMask());
        int answered = known + Integer.bitCount(scan.absentMask() & ~unreached);
        int needed = chunk.profile().dataStrips();
        if (answered < needed || (!seen.isEmpty() && known < needed)) {
            throw new StoreUnavailableException("too few holders of an open chunk answer: chunk=" + chunk.id()
                    + " needed=" + needed + " fragments=" + known + " answered=" + answered);
        }
        int limit = sealedLimit().orElseGet(() -> limit(seen));
        List<ScannedRow> kept = seen.stream().filter(row -> row.row() < limit).toList();
        if (kept.isEmpty()) {
            sealer.abandon(chunk);
            return List.of();
        }
        int unread = ~scan.readMask() & ((1 << holders.size()) - 1);
        int lost = complete(kept, scan.readMask()) | unread;
        long length = kept.stream().mapToLong(ScannedRow::dataBytes).sum();
        LOG.info("a chunk left open is sealed: chunk={} rows={} discarded={} lengthBytes={} lost={}",
                chunk.id(), limit, seen.size() - kept.size(), length, Integer.toBinaryString(lost));
        sealer.seal(chunk, new ChunkListener.SealedExtent(
                limit, kept.getFirst().sequence(), kept.getLast().sequence()), length, lost);
        return kept;
    }

    private int installTokens() {
        List<CompletableFuture<Void>> installed = holders.stream()
                .map(holder -> holder.installToken(stream.id(), stream.token()))
                .toList();
        HolderHealth health = stream.runtime().health();
        long askedNanos = stream.runtime().nanoTime();
        int unreached = 0;
        for (int i = 0; i < installed.size(); i++) {
            HolderId holder = chunk.holders().get(i);
            long waitedNanos = stream.runtime().nanoTime() - askedNanos;
            Optional<ChunkStoreException> failure =
                    Answers.failure(installed.get(i), health.patienceNanos(holder) - waitedNanos);
            if (failure.isPresent()) {
                if (failure.get() instanceof FencedException fenced) {
                    throw fenced;
                }
                health.suspect(holder);
                unreached |= 1 << i;
            }
        }
        return unreached;
    }

    /// The first row that is not there or cannot be computed.
    private static int limit(List<ScannedRow> seen) {
        int limit = 0;
        for (ScannedRow row : seen) {
            if (row.row() != limit || !row.isComputable()) {
                break;
            }
            limit++;
        }
        return limit;
    }

    /// Where the old writer, or another one that recovered it, had begun to seal the chunk. Two of them may
    /// have chosen different limits, each behind all that was acknowledged: then the lower one holds, and
    /// what a fragment has beyond is never asked for.
    private Optional<Integer> sealedLimit() {
        List<CompletableFuture<Optional<FragmentStatus>>> asked = new ArrayList<>();
        for (int i = 0; i < holders.size(); i++) {
            asked.add(holders.get(i).status(chunk.fragment(i)));
        }
        int limit = Integer.MAX_VALUE;
        for (int i = 0; i < asked.size(); i++) {
            try {
                Optional<FragmentStatus> status =
                        Answers.await(asked.get(i), chunk.holders().get(i), stream.runtime().health());
                limit = Math.min(limit, status.map(FragmentStatus::rowLimit).orElse(limit));
            } catch (ChunkStoreException reason) {
                LOG.debug("a holder of an open chunk does not answer: chunk={}", chunk.id(), reason);
            }
        }
        return limit == Integer.MAX_VALUE ? Optional.empty() : Optional.of(limit);
    }

    /// Writes the strips that reachable fragments lack. Returns the fragments for which that failed.
    private int complete(List<ScannedRow> rows, int readMask) {
        int failed = 0;
        for (int index = 0; index < holders.size(); index++) {
            if ((readMask & 1 << index) != 0 && !completeFragment(rows, index)) {
                failed |= 1 << index;
            }
        }
        return failed;
    }

    private boolean completeFragment(List<ScannedRow> rows, int index) {
        List<Strip> missing = new ArrayList<>();
        try {
            for (ScannedRow row : rows) {
                int bit = 1 << index;
                if ((row.expectedMask() & bit) != 0 && (row.seenMask() & bit) == 0) {
                    missing.add(reader.strip(chunk, row, index));
                }
                if (missing.size() == STRIPS_AT_ONCE) {
                    append(index, missing);
                    missing = new ArrayList<>();
                }
            }
            if (!missing.isEmpty()) {
                append(index, missing);
            }
            return true;
        } catch (FencedException fenced) {
            throw fenced;
        } catch (ChunkStoreException failure) {
            LOG.info("a fragment could not be completed: fragment={} reason={}",
                    chunk.fragment(index), failure.getMessage());
            return false;
        }
    }

    private void append(int index, List<Strip> strips) {
        Answers.await(
                holders.get(index).append(chunk.fragment(index), stream.token(), strips),
                chunk.holders().get(index),
                stream.runtime().health());
    }
}
