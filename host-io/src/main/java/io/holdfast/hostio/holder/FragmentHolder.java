package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The fragments of one holder, wherever it is. Concurrent.
///
/// Changes mean what they mean in [FragmentStore], and repeating one is as harmless. What goes wrong comes
/// as a [io.holdfast.hostio.chunkstore.ChunkStoreException] in the future, never as a throw; a holder that
/// is not reached, or does not answer in its own good time, fails with
/// [io.holdfast.hostio.chunkstore.StoreUnavailableException], and what was asked may still happen. A call
/// may take as long as a local disk takes; it never waits for another host.
public interface FragmentHolder {
    /// How many ranges one read may name.
    int RANGES_MAX = 256;

    /// How many bytes one read may ask for.
    int READ_BYTES_MAX = 4 << 20;

    /// How many strips or fragments one answer lists.
    int LISTED_MAX = 1024;

    /// The store behind it where it is of this process: reads then need no copy and no other thread.
    default Optional<FragmentStore> store() {
        return Optional.empty();
    }

    CompletableFuture<Void> installToken(long stream, long token);

    CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token);

    /// Appends strips of one fragment, in one message. The strips' buffers are not to be touched until this
    /// completes.
    CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips);

    CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit);

    CompletableFuture<Void> delete(FragmentId id, long token);

    /// Reads ranges of strips, in one message. The list has an answer for each range, in order; the future
    /// fails only if the holder gives no answer at all.
    CompletableFuture<List<StripAnswer>> read(List<StripRange> ranges);

    CompletableFuture<Optional<FragmentStatus>> status(FragmentId id);

    /// What the strips of a fragment say about themselves, by row.
    ///
    /// Fails with [io.holdfast.hostio.chunkstore.FragmentNotFoundException].
    ///
    /// @param fromRow the first row of interest
    /// @param countMax 1 to [#LISTED_MAX]
    CompletableFuture<HeaderPage> headers(FragmentId id, int fromRow, int countMax);

    /// All fragments of the holder, in order, in parts.
    ///
    /// @param after where an earlier part ended
    /// @param countMax 1 to [#LISTED_MAX]
    CompletableFuture<List<FragmentStatus>> fragments(Optional<FragmentId> after, int countMax);
}
