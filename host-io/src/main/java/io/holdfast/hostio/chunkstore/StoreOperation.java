package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A change that waits for the committer.
sealed interface StoreOperation {
    long stream();

    long token();

    CompletableFuture<Void> done();

    /// Bytes that the change keeps in memory while it waits.
    default long bytes() {
        return 0;
    }

    record InstallToken(long stream, long token, CompletableFuture<Void> done) implements StoreOperation {}

    /// A change of one fragment.
    sealed interface OfFragment extends StoreOperation {
        FragmentId id();

        @Override
        default long stream() {
            return id().stream();
        }
    }

    record Create(FragmentId id, ErasureProfile profile, long token, CompletableFuture<Void> done)
            implements OfFragment {}

    record Append(FragmentId id, long token, List<Strip> strips, CompletableFuture<Void> done)
            implements OfFragment {
        @Override
        public long bytes() {
            long bytes = 0;
            for (Strip strip : strips) {
                bytes += StripHeader.BYTES + strip.header().payloadBytes();
            }
            return bytes;
        }
    }

    record Seal(FragmentId id, long token, int rowLimit, CompletableFuture<Void> done)
            implements OfFragment {}

    record Delete(FragmentId id, long token, CompletableFuture<Void> done) implements OfFragment {}
}
