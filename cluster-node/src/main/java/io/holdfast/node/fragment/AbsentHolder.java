package io.holdfast.node.fragment;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A disk that is not there: every call fails.
///
/// @param reason why
record AbsentHolder(String reason) implements FragmentHolder {
    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        return absent();
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        return absent();
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        return absent();
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return absent();
    }

    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return absent();
    }

    @Override
    public CompletableFuture<List<StripAnswer>> read(List<StripRange> ranges) {
        return absent();
    }

    @Override
    public CompletableFuture<Optional<FragmentStatus>> status(FragmentId id) {
        return absent();
    }

    @Override
    public CompletableFuture<HeaderPage> headers(FragmentId id, int fromRow, int countMax) {
        return absent();
    }

    @Override
    public CompletableFuture<List<FragmentStatus>> fragments(Optional<FragmentId> after, int countMax) {
        return absent();
    }

    private <T> CompletableFuture<T> absent() {
        return CompletableFuture.failedFuture(new StoreUnavailableException(reason));
    }
}
