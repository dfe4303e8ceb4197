package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A fragment store of this process as a holder; also what a node answers other nodes' calls with.
/// Concurrent. Changes complete on the store's committer thread; reads are done on the caller's thread
/// before the call returns, which must not be an event thread.
public final class LocalFragmentHolder implements FragmentHolder {
    private final FragmentStore store;

    public LocalFragmentHolder(FragmentStore store) {
        this.store = store;
    }

    @Override
    public Optional<FragmentStore> store() {
        return Optional.of(store);
    }

    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        return changing(() -> store.installToken(stream, token));
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        return changing(() -> store.create(id, profile, token));
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        return changing(() -> store.append(id, token, strips));
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return changing(() -> store.seal(id, token, rowLimit));
    }

    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return changing(() -> store.delete(id, token));
    }

    @Override
    public CompletableFuture<List<StripAnswer>> read(List<StripRange> ranges) {
        if (ranges.size() > RANGES_MAX) {
            return CompletableFuture.failedFuture(
                    new StoreUnavailableException("too many ranges in one read: ranges=" + ranges.size()));
        }
        List<StripAnswer> answers = new ArrayList<>(ranges.size());
        ranges.forEach(range -> answers.add(answer(range)));
        return CompletableFuture.completedFuture(answers);
    }

    private StripAnswer answer(StripRange range) {
        try {
            ByteBuffer target = target(range);
            StripHeader header = range.isWhole()
                    ? store.read(range.fragment(), range.row(), target)
                    : store.readBlocks(
                            range.fragment(), range.row(), range.firstBlock(), range.blockCount(), target);
            return new StripAnswer.Found(header, target.flip());
        } catch (ChunkStoreException reason) {
            return new StripAnswer.Failed(reason);
        } catch (DiskException failure) {
            return new StripAnswer.Failed(unavailable(failure));
        }
    }

    /// Whole strips are read to compute others from, natively; blocks to be sent on, by TLS from the heap. A
    /// buffer outside the heap costs more to make and to give up than a small copy.
    private static ByteBuffer target(StripRange range) {
        return range.isWhole()
                ? ByteBuffer.allocateDirect(StripHeader.PAYLOAD_BYTES_MAX)
                : ByteBuffer.allocate(range.blockCount() * StripHeader.BLOCK_BYTES);
    }

    @Override
    public CompletableFuture<Optional<FragmentStatus>> status(FragmentId id) {
        return reading(() -> store.status(id));
    }

    @Override
    public CompletableFuture<HeaderPage> headers(FragmentId id, int fromRow, int countMax) {
        return reading(() -> {
            int[] rows = store.rows(id, fromRow, Math.min(countMax, LISTED_MAX));
            List<StripHeader> headers = new ArrayList<>(rows.length);
            for (int row : rows) {
                readable(id, row).ifPresent(headers::add);
            }
            boolean isLast = rows.length < Math.min(countMax, LISTED_MAX);
            return new HeaderPage(headers, isLast ? HeaderPage.END : rows[rows.length - 1] + 1);
        });
    }

    private Optional<StripHeader> readable(FragmentId id, int row) {
        try {
            return store.header(id, row);
        } catch (CorruptDataException _) {
            return Optional.empty(); // As good as lost: the scrubber and the repairer see to it.
        }
    }

    @Override
    public CompletableFuture<List<FragmentStatus>> fragments(Optional<FragmentId> after, int countMax) {
        return reading(() -> store.fragments().stream()
                .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                .limit(Math.min(countMax, LISTED_MAX))
                .flatMap(id -> store.status(id).stream())
                .toList());
    }

    private static CompletableFuture<Void> changing(Supplier<CompletableFuture<Void>> change) {
        try {
            return change.get().exceptionallyCompose(LocalFragmentHolder::refused);
        } catch (ChunkStoreException | IllegalArgumentException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /// A full or failed disk is to callers what an unreachable holder is.
    private static CompletableFuture<Void> refused(Throwable failure) {
        return CompletableFuture.failedFuture(
                failure instanceof DiskException disk ? unavailable(disk) : failure);
    }

    private static <T> CompletableFuture<T> reading(Supplier<T> read) {
        try {
            return CompletableFuture.completedFuture(read.get());
        } catch (ChunkStoreException refused) {
            return CompletableFuture.failedFuture(refused);
        } catch (DiskException failure) {
            return CompletableFuture.failedFuture(unavailable(failure));
        }
    }

    private static StoreUnavailableException unavailable(DiskException failure) {
        return new StoreUnavailableException("the disk failed: reason=" + failure.getMessage(), failure);
    }
}
