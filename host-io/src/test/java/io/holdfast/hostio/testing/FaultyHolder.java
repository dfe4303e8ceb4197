package io.holdfast.hostio.testing;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Another holder as seen over a link that may fail. Concurrent.
public final class FaultyHolder implements FragmentHolder {
    /// What the link does.
    public enum Link {
        UP,
        /// Refuses at once.
        REFUSING,
        /// What is asked is lost.
        SILENT,
        /// What is asked happens, the answer is lost.
        DEAF,
        /// Our own end of it has a defect.
        DEFECTIVE
    }

    private final FragmentHolder holder;
    private final AtomicInteger readsToRefuse;
    private volatile Link link = Link.UP;

    public FaultyHolder(FragmentHolder holder) {
        this(holder, new AtomicInteger());
    }

    /// @param readsToRefuse how many reads of strips are refused from now on, counted with others
    FaultyHolder(FragmentHolder holder, AtomicInteger readsToRefuse) {
        this.holder = holder;
        this.readsToRefuse = readsToRefuse;
    }

    public void become(Link next) {
        link = next;
    }

    public Link link() {
        return link;
    }

    private <T> CompletableFuture<T> over(Supplier<CompletableFuture<T>> call) {
        return switch (link) {
            case UP -> call.get();
            case REFUSING ->
                CompletableFuture.failedFuture(new StoreUnavailableException("injected: connection refused"));
            case SILENT -> new CompletableFuture<>();
            case DEAF -> {
                CompletableFuture<T> unheard = call.get();
                yield unheard.thenCompose(_ -> new CompletableFuture<>());
            }
            case DEFECTIVE -> throw new IllegalStateException("injected: defect");
        };
    }

    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        return over(() -> holder.installToken(stream, token));
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        return over(() -> holder.create(id, profile, token));
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        return over(() -> holder.append(id, token, strips));
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return over(() -> holder.seal(id, token, rowLimit));
    }

    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return over(() -> holder.delete(id, token));
    }

    @Override
    public CompletableFuture<List<StripAnswer>> read(List<StripRange> ranges) {
        return readsToRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? CompletableFuture.failedFuture(new StoreUnavailableException("injected: read refused"))
                : over(() -> holder.read(ranges));
    }

    @Override
    public CompletableFuture<Optional<FragmentStatus>> status(FragmentId id) {
        return over(() -> holder.status(id));
    }

    @Override
    public CompletableFuture<HeaderPage> headers(FragmentId id, int fromRow, int countMax) {
        return over(() -> holder.headers(id, fromRow, countMax));
    }

    @Override
    public CompletableFuture<List<FragmentStatus>> fragments(Optional<FragmentId> after, int countMax) {
        return over(() -> holder.fragments(after, countMax));
    }
}
