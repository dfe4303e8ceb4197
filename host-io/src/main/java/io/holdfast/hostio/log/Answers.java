package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.holder.HolderId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waiting for holders' answers on a thread that may block.
public final class Answers {
    private Answers() {}

    /// The answer, or why there is none within the time.
    ///
    /// @throws ChunkStoreException what the holder said, or that it did not answer
    public static <T> T await(CompletableFuture<T> future, long nanos) {
        try {
            return future.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw reason(failure);
        } catch (TimeoutException _) {
            throw new StoreUnavailableException("no answer: waitedMillis=" + nanos / 1_000_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for a holder");
        }
    }

    /// The answer of a holder, which is suspected if it does not give one, and then not waited for long.
    ///
    /// @throws ChunkStoreException what the holder said, or that it did not answer
    static <T> T await(CompletableFuture<T> future, HolderId holder, HolderHealth health) {
        try {
            return await(future, health.patienceNanos(holder));
        } catch (StoreUnavailableException reason) {
            health.suspect(holder);
            throw reason;
        }
    }

    /// Why a holder gives no good answer; nothing if it does.
    static Optional<ChunkStoreException> failure(
            CompletableFuture<?> future, HolderId holder, HolderHealth health) {
        try {
            Object _ = await(future, holder, health);
            return Optional.empty();
        } catch (ChunkStoreException reason) {
            return Optional.of(reason);
        }
    }

    /// The same, waiting so long whoever it is.
    static Optional<ChunkStoreException> failure(CompletableFuture<?> future, long nanos) {
        try {
            Object _ = await(future, nanos);
            return Optional.empty();
        } catch (ChunkStoreException reason) {
            return Optional.of(reason);
        }
    }

    /// What a holder failed with.
    public static ChunkStoreException reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof ChunkStoreException known
                ? known
                : new StoreUnavailableException("a holder failed: reason=" + cause, cause);
    }
}
