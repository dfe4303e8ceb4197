package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import io.holdfast.hostio.row.RowDecoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Computes a strip from the others of its row. Concurrent; blocks.
public final class RowReader {
    static final long GATHER_NANOS_MAX = Duration.ofSeconds(10).toNanos();

    private final LogRuntime runtime;

    public RowReader(LogRuntime runtime) {
        this.runtime = runtime;
    }

    /// The strip of a fragment, computed without asking the fragment's holder.
    ///
    /// @throws StoreUnavailableException if too few others can be read now
    /// @throws CorruptDataException if too few others have what they should: damaged, gone, or given up as
    /// lost; or if what they hold does not fit together
    public Strip compute(ChunkRecord chunk, int row, int index) {
        return compute(chunk, row, index, GATHER_NANOS_MAX);
    }

    /// The same, waiting for the others so long at most.
    Strip compute(ChunkRecord chunk, int row, int index, long nanos) {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < chunk.profile().strips(); i++) {
            if (i != index) {
                others.add(i);
            }
        }
        StripGathering gathering = new StripGathering(others.size());
        for (int other : others) {
            List<StripRange> ranges = List.of(StripRange.whole(chunk.fragment(other), row));
            CompletableFuture<?> _ = runtime.holders()
                    .holder(chunk.holders().get(other))
                    .read(ranges)
                    .whenComplete((answers, failure) -> gathering.arrived(
                            failure == null
                                    ? answers.getFirst()
                                    : new StripAnswer.Failed(Answers.reason(failure)),
                            chunk.isLost(other)));
        }
        List<Strip> strips = gathering.await(nanos);
        if (!StripGathering.isEnough(strips)) {
            throw tooFew(chunk, row, index, strips.size(), gathering);
        }
        int needed = RowDecoder.stripsNeeded(strips.getFirst().header());
        RowDecoder decoder =
                new RowDecoder(ErasureCodecs.best(chunk.profile()), ByteBuffer::allocateDirect);
        return decoder.reconstruct(strips.subList(0, needed), index);
    }

    private static ChunkStoreException tooFew(
            ChunkRecord chunk, int row, int index, int found, StripGathering gathering) {
        if (gathering.isFinal()) {
            return new CorruptDataException(
                    new Place("log", chunk.fragment(index).toString(), row),
                    "enough strips of the row",
                    found + " and " + gathering.reason());
        }
        return new StoreUnavailableException("too few strips of a row can be read: chunk=" + chunk.id()
                + " row=" + row + " wanted=" + index + " found=" + found + " reason="
                + gathering.reason());
    }

    /// The strip that a fragment should have of a row that was scanned.
    Strip strip(ChunkRecord chunk, ScannedRow row, int index) {
        if (!row.isNote()) {
            return compute(chunk, row.row(), index);
        }
        StripHeader any = row.any();
        StripHeader header = new StripHeader(
                chunk.fragment(index),
                StripKind.NOTE,
                any.profile(),
                any.row(),
                any.sequence(),
                any.token(),
                any.existingMask(),
                0,
                any.payloadChecksum(),
                any.body());
        return new Strip(header, ByteBuffer.allocate(0));
    }
}
