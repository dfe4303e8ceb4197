package io.holdfast.node.survey;

import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.http.port.StorageView.Space;
import io.holdfast.node.ledger.LedgerAccess;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What all complete chunks take. Looks at them at most every half minute, whoever asks, and at a bounded
/// number of them. Concurrent: guarded by its own lock.
final class SpaceSurvey {
    /// Some tenths of a second of work.
    private static final int CHUNKS_MAX = 100_000;

    private static final Duration FRESH = Duration.ofSeconds(30);

    private final LedgerAccess ledger;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private @Nullable Sum last;

    /// What was found.
    ///
    /// @param isComplete whether all chunks were looked at
    record Sum(Space space, boolean isComplete, long atMillis) {}

    SpaceSurvey(LedgerAccess ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    Sum look() {
        looking.lock();
        try {
            Sum known = last;
            if (known == null || clock.millis() - known.atMillis() > FRESH.toMillis()) {
                known = add();
                last = known;
            }
            return known;
        } finally {
            looking.unlock();
        }
    }

    private Sum add() {
        Space sum = new Space(0, 0, 0);
        Page.Request request = Page.Request.first(Page.LIMIT_MAX);
        for (int seen = 0; seen < CHUNKS_MAX; seen += Page.LIMIT_MAX) {
            Page<ChunkId, ChunkEntry> page = ledger.reader().page(ChunkCatalogs.CHUNKS, request);
            for (Versioned<ChunkId, ChunkEntry> chunk : page.entries()) {
                if (!(chunk.value().state() instanceof ChunkState.Open)) {
                    sum = FamilySurvey.plus(sum, chunk.value());
                }
            }
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return new Sum(sum, true, clock.millis());
            }
            request = request.after(next.get());
        }
        return new Sum(sum, false, clock.millis());
    }
}
