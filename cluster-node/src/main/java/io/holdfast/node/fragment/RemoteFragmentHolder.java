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
import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FragmentWireException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A disk of another node. Concurrent.
final class RemoteFragmentHolder implements FragmentHolder {
    private final FragmentLink link;
    private final int disk;

    RemoteFragmentHolder(FragmentLink link, int disk) {
        this.link = link;
        this.disk = disk;
    }

    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        return change(() -> new FragmentRequest.InstallToken(stream, token));
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        return change(() -> new FragmentRequest.Create(id, profile, token));
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        return change(() -> new FragmentRequest.Append(id, token, strips));
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return change(() -> new FragmentRequest.Seal(id, token, rowLimit));
    }

    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return change(() -> new FragmentRequest.Delete(id, token));
    }

    @Override
    public CompletableFuture<List<StripAnswer>> read(List<StripRange> ranges) {
        FragmentRequest.Read read = new FragmentRequest.Read(ranges);
        if (ranges.size() > RANGES_MAX || read.answerBytesMax() > READ_BYTES_MAX) {
            return CompletableFuture.failedFuture(new StoreUnavailableException(
                    "too much in one read: ranges=" + ranges.size() + " bytes=" + read.answerBytesMax()));
        }
        return ask(() -> read).thenApply(answer -> {
            List<StripAnswer> strips = expect(answer, FragmentAnswer.Strips.class).strips();
            if (strips.size() != ranges.size()) {
                throw new StoreUnavailableException("the holder answered something else: ranges="
                        + ranges.size() + " answers=" + strips.size());
            }
            return strips;
        });
    }

    @Override
    public CompletableFuture<Optional<FragmentStatus>> status(FragmentId id) {
        return ask(() -> new FragmentRequest.Status(id))
                .thenApply(answer -> expect(answer, FragmentAnswer.Statuses.class).statuses().stream()
                        .findFirst());
    }

    @Override
    public CompletableFuture<HeaderPage> headers(FragmentId id, int fromRow, int countMax) {
        return ask(() -> new FragmentRequest.Headers(id, fromRow, Math.min(countMax, LISTED_MAX)))
                .thenApply(answer -> expect(answer, FragmentAnswer.Headers.class).page());
    }

    @Override
    public CompletableFuture<List<FragmentStatus>> fragments(Optional<FragmentId> after, int countMax) {
        return ask(() -> new FragmentRequest.Fragments(after, Math.min(countMax, LISTED_MAX)))
                .thenApply(answer -> expect(answer, FragmentAnswer.Statuses.class).statuses());
    }

    private CompletableFuture<Void> change(Supplier<FragmentRequest> request) {
        return ask(request).thenAccept(answer -> expect(answer, FragmentAnswer.Done.class));
    }

    private CompletableFuture<FragmentAnswer> ask(Supplier<FragmentRequest> request) {
        try {
            return link.submit(disk, request.get());
        } catch (FragmentWireException tooLarge) {
            return CompletableFuture.failedFuture(
                    new StoreUnavailableException("does not fit a message: " + tooLarge.getMessage()));
        }
    }

    private static <T extends FragmentAnswer> T expect(FragmentAnswer answer, Class<T> type) {
        if (answer instanceof FragmentAnswer.Refused refused) {
            throw refused.reason();
        }
        if (!type.isInstance(answer)) {
            throw new StoreUnavailableException("the holder answered something else: kind=" + answer.kind());
        }
        return type.cast(answer);
    }
}
