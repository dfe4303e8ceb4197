package io.holdfast.hostio.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an answer as a stream that ends in an error when nothing comes for a while: the JDK's own
/// waits for ever. One batch of buffers is under way at a time. Concurrent: the client gives, one reader
/// takes.
final class PatientBody extends InputStream implements BodySubscriber<InputStream> {
    private final Duration silenceMax;
    private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
    private volatile Flow.@Nullable Subscription subscription;
    private boolean isAtEnd;

    /// What came.
    private sealed interface Piece {
        record Bytes(List<ByteBuffer> buffers) implements Piece {}

        record Failure(Throwable reason) implements Piece {}

        record End() implements Piece {}
    }

    PatientBody(Duration silenceMax) {
        this.silenceMax = silenceMax;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> came) {
        pieces.add(new Piece.Bytes(came));
    }

    @Override
    public void onError(Throwable reason) {
        pieces.add(new Piece.Failure(reason));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece.End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (buffers.isEmpty() && !isAtEnd) {
            take();
        }
        ByteBuffer first = buffers.peekFirst();
        if (first == null) {
            return -1;
        }
        int count = Math.min(length, first.remaining());
        first.get(bytes, offset, count);
        dropEmpty();
        return count;
    }

    private void dropEmpty() {
        boolean hadSome = !buffers.isEmpty();
        while (!buffers.isEmpty() && !buffers.getFirst().hasRemaining()) {
            buffers.removeFirst();
        }
        Flow.Subscription open = subscription;
        if (hadSome && buffers.isEmpty() && open != null) {
            open.request(1);
        }
    }

    private void take() throws IOException {
        Piece piece;
        try {
            piece = pieces.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        switch (piece) {
            case null -> throw new IOException("nothing came for " + silenceMax.toSeconds() + " s");
            case Piece.Bytes(List<ByteBuffer> came) -> {
                buffers.addAll(came);
                dropEmpty();
            }
            case Piece.Failure(Throwable reason) ->
                throw new IOException(String.valueOf(reason.getMessage()), reason);
            case Piece.End() -> isAtEnd = true;
        }
    }

    @Override
    public void close() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }
}
