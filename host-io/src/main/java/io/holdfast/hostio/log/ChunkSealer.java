package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HolderId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends chunks: at their holders, then in the directory; and removes those that nothing needs. Concurrent;
/// blocks, and keeps trying until it is done, the writer is shut out, or the log is closed.
final class ChunkSealer {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkSealer.class);
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();

    private final LogStream stream;
    private volatile boolean isClosed;

    ChunkSealer(LogStream stream) {
        this.stream = stream;
    }

    void close() {
        isClosed = true;
    }

    /// Seals a chunk of this writer where its acknowledged rows end. Returns whether it is done.
    boolean seal(OpenChunk chunk) {
        if (chunk.ackedRows() == 0) {
            abandon(chunk);
            return true;
        }
        long length = chunk.ackedBytes();
        ChunkListener.SealedExtent extent = new ChunkListener.SealedExtent(
                chunk.ackedRows(), chunk.firstSequence(), chunk.lastSequence());
        // Acknowledged rows are everywhere: a holder that only was slow has all it should.
        return seal(chunk.record(), extent, length, 0);
    }

    /// Seals a chunk after the rows of `extent`.
    ///
    /// @param lostMask fragments known not to have all their strips
    boolean seal(ChunkRecord chunk, ChunkListener.SealedExtent extent, long lengthBytes, int lostMask) {
        int lost = lostMask | sealFragments(chunk, extent.rows(), lostMask);
        return decide(chunk, () -> {
            ChunkSealing sealing =
                    new ChunkSealing(extent.rows(), lengthBytes, useful(chunk, lengthBytes), lost);
            stream.runtime().directory().seal(chunk.id(), stream.token(), sealing);
            ChunkRecord sealed = new ChunkRecord(
                    chunk.id(),
                    chunk.profile(),
                    chunk.holders(),
                    ChunkRecord.State.SEALED,
                    lost,
                    lengthBytes,
                    sealing.usefulBytes());
            stream.listener().onSealed(sealed, extent);
        });
    }

    private long useful(ChunkRecord chunk, long lengthBytes) {
        return Math.clamp(stream.listener().usefulBytes(chunk, lengthBytes), 0, lengthBytes);
    }

    private int sealFragments(ChunkRecord chunk, int rowLimit, int lostMask) {
        List<FragmentHolder> holders = stream.holdersOf(chunk);
        List<Optional<CompletableFuture<Void>>> sealed = new ArrayList<>();
        for (int i = 0; i < holders.size(); i++) {
            boolean isLost = (lostMask & 1 << i) != 0;
            FragmentHolder holder = holders.get(i);
            int index = i;
            sealed.add(Optional.of(isLost)
                    .filter(lost -> !lost)
                    .map(_ -> holder.seal(chunk.fragment(index), stream.token(), rowLimit)));
        }
        int lost = 0;
        for (int i = 0; i < sealed.size(); i++) {
            HolderId holder = chunk.holders().get(i);
            Optional<ChunkStoreException> failure = sealed.get(i)
                    .flatMap(future -> Answers.failure(future, HolderHealth.PATIENCE_NANOS));
            if (failure.isPresent() && !isSealedBehind(chunk, i, rowLimit)) {
                LOG.info("a fragment could not be sealed: fragment={} holder={} reason={}",
                        chunk.fragment(i), holder, failure.get().getMessage());
                lost |= 1 << i;
            }
        }
        return lost;
    }

    /// Whether an earlier writer sealed the fragment, at this limit or a higher one: it has all it should.
    private boolean isSealedBehind(ChunkRecord chunk, int index, int rowLimit) {
        HolderId holder = chunk.holders().get(index);
        CompletableFuture<Optional<FragmentStatus>> status =
                stream.runtime().holders().holder(holder).status(chunk.fragment(index));
        try {
            return Answers.await(status, holder, stream.runtime().health())
                    .filter(known -> known.state() == FragmentState.SEALED && known.rowLimit() >= rowLimit)
                    .isPresent();
        } catch (ChunkStoreException _) {
            return false;
        }
    }

    /// Removes a chunk in which nothing was acknowledged.
    void abandon(OpenChunk chunk) {
        abandon(chunk.record());
    }

    void abandon(ChunkRecord chunk) {
        boolean released = decide(chunk, () -> {
            ChunkDirectory directory = stream.runtime().directory();
            directory.seal(chunk.id(), stream.token(), new ChunkSealing(0, 0, 0, 0));
            directory.release(chunk.id(), stream.token(), Optional.empty());
        });
        if (released) {
            remove(chunk);
        }
    }

    /// Deletes the fragments of a released chunk, and forgets it if all are gone. What cannot be deleted now
    /// is found as released by a later writer.
    void remove(ChunkRecord chunk) {
        List<FragmentHolder> holders = stream.holdersOf(chunk);
        List<CompletableFuture<Void>> deleted = new ArrayList<>();
        for (int i = 0; i < holders.size(); i++) {
            deleted.add(holders.get(i).delete(chunk.fragment(i), stream.token()));
        }
        boolean areGone = true;
        for (int i = 0; i < holders.size(); i++) {
            areGone &= Answers.failure(deleted.get(i), chunk.holders().get(i), stream.runtime().health())
                    .isEmpty();
        }
        if (areGone) {
            decide(chunk, () -> stream.runtime().directory().forget(chunk.id()));
        }
    }

    private boolean decide(ChunkRecord chunk, Runnable decision) {
        while (!isClosed) {
            try {
                decision.run();
                return true;
            } catch (ChunkDirectoryException undecided) {
                LOG.info("the directory is asked again: chunk={} reason={}",
                        chunk.id(), undecided.getMessage());
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (FencedException fenced) {
                LOG.info("a newer writer sees to the chunk: chunk={} reason={}",
                        chunk.id(), fenced.getMessage());
                return false;
            }
        }
        return false;
    }
}
