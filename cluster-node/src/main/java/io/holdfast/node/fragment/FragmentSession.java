package io.holdfast.node.fragment;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.nbd.transport.TlsTransport;
import io.holdfast.hostio.nbd.transport.Transport;
import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FragmentWireException;
import io.holdfast.node.fragment.wire.FrameHeader;
import io.holdfast.node.fragment.wire.Greeting;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.IdentityException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One accepted connection: a thread that reads requests and one that writes answers. Neither is ever
/// interrupted; closing the socket ends both.
final class FragmentSession {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentSession.class);

    /// A read that the reading thread does itself, if nothing else waits.
    private static final int OWN_READ_BYTES_MAX = 64 << 10;

    /// As the audit names it.
    private static final String PORT = "fragments";

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// Tells the writing thread that there is nothing more to write.
    private static final Answer WAKE_UP = new Answer(OutgoingFrame.of(new FragmentAnswer.Done(), 0), 0);

    private final FragmentServer owner;
    private final SocketChannel channel;
    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final Semaphore requests;
    private final AtomicInteger readsUnderWay = new AtomicInteger();
    private final long openedNanos = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ClusterCertificate peer;

    /// An answer on its way, and what it frees once it is sent.
    private record Answer(OutgoingFrame frame, int freedBytes) {}

    FragmentSession(FragmentServer owner, SocketChannel channel) {
        this.owner = owner;
        this.channel = channel;
        this.requests = new Semaphore(owner.limits().requestCountMax());
    }

    void start() {
        Thread.ofPlatform().name("fragment-session").daemon().start(this::run);
    }

    /// Closes the connection if its peer is no longer admitted, or never was and lets us wait.
    void check(long nowNanos) {
        ClusterCertificate known = peer;
        if (known != null) {
            owner.tls().trust().admission().refusal(known).ifPresent(reason -> close("refused: " + reason));
        } else if (nowNanos - openedNanos > 2 * owner.limits().times().connect().toNanos()) {
            close("no greeting");
        }
    }

    void close(String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        owner.forget(this);
        ClusterCertificate known = peer;
        LOG.info("fragments: disconnected peer={} reason={}", known == null ? "unknown" : known.name(),
                reason);
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.debug("a socket did not close: reason={}", failure.toString());
        }
        answers.add(WAKE_UP);
    }

    /// The outermost frame of the reading thread.
    private void run() {
        try {
            SSLEngine engine = owner.tls().context().serverEngine();
            Transport transport = TlsTransport.accept(channel, engine, NOTHING);
            ClusterCertificate certificate = PeerCertificates.shownBy(engine);
            Optional<String> refusal = owner.tls().trust().admission().refusal(certificate);
            if (refusal.isPresent()) {
                // A resumed session skips the checks of the handshake.
                owner.tls().trust().turnedAway(certificate.name(), PORT, address(), refusal.get());
                close("refused: " + refusal.get());
                return;
            }
            peer = certificate;
            FrameReader reader = new FrameReader(transport);
            greet(reader, transport, certificate);
            LOG.info("fragments: connected peer={}", certificate.name());
            Thread.ofPlatform().name("fragment-answers-" + certificate.name()).daemon()
                    .start(() -> write(transport));
            serve(reader, transport);
            close("the peer left");
        } catch (IOException | IdentityException | FragmentWireException failure) {
            if (peer == null) {
                owner.tls().trust().turnedAway(PORT, address(), failure);
            }
            close(String.valueOf(failure.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            close("interrupted");
        }
    }

    private Optional<String> address() {
        InetAddress remote = channel.socket().getInetAddress();
        return Optional.ofNullable(remote).map(InetAddress::getHostAddress);
    }

    private void greet(FrameReader reader, Transport transport, ClusterCertificate certificate)
            throws IOException {
        FrameReader.Frame first = reader.next()
                .orElseThrow(() -> new FragmentWireException("the peer left without a greeting"));
        Greeting theirs = Greeting.read(first.header(), first.payload());
        if (!theirs.node().equals(certificate.name())) {
            throw new FragmentWireException("the greeting names somebody else than the certificate");
        }
        Greeting ours = Greeting.ofThisBuild(owner.tls().self());
        int version = ours.common(theirs)
                .orElseThrow(() -> new FragmentWireException("no common version: theirs="
                        + theirs.versionMin() + "-" + theirs.versionMax()));
        transport.write(ours.choosing(version).frame());
    }

    private void serve(FrameReader reader, Transport transport) throws IOException, InterruptedException {
        FrameBatch own = new FrameBatch(transport);
        Optional<FrameReader.Frame> next = reader.next();
        while (next.isPresent() && !closed.get()) {
            FrameHeader header = next.get().header();
            FragmentRequest request = FragmentRequest.read(header.kind(), next.get().payload());
            owner.counters.bytesIn.add(FrameHeader.BYTES + (long) header.payloadBytes());
            boolean isLone = !reader.hasMore() && readsUnderWay.get() == 0;
            if (isLone && isSmall(request)) {
                FragmentAnswer answer = answered(owner.disk(header.disk()), request).join();
                count(answer);
                own.add(OutgoingFrame.of(answer, header.correlation()));
                own.flush();
            } else {
                admit(header, request);
            }
            next = reader.next();
        }
    }

    /// Whether it is answered from memory or by one short read.
    private static boolean isSmall(FragmentRequest request) {
        return switch (request) {
            case FragmentRequest.Read read -> read.answerBytesMax() <= OWN_READ_BYTES_MAX;
            case FragmentRequest.Ping _, FragmentRequest.Status _ -> true;
            default -> false;
        };
    }

    /// Takes a request in as soon as there is room for it: until then nothing more is read.
    private void admit(FrameHeader header, FragmentRequest request) throws InterruptedException {
        int bytes = FrameHeader.BYTES + header.payloadBytes()
                + (request instanceof FragmentRequest.Read read ? (int) read.answerBytesMax() : 0);
        requests.acquire();
        owner.bytes().acquire(bytes);
        switch (request) {
            case FragmentRequest.Read _, FragmentRequest.Headers _, FragmentRequest.Fragments _,
                    FragmentRequest.Status _ -> {
                readsUnderWay.incrementAndGet();
                owner.readers().execute(() -> {
                    try {
                        answer(header, request, bytes);
                    } finally {
                        readsUnderWay.decrementAndGet();
                    }
                });
            }
            default -> answer(header, request, bytes);
        }
    }

    private void answer(FrameHeader header, FragmentRequest request, int bytes) {
        var _ = answered(owner.disk(header.disk()), request).whenComplete((answer, failure) -> {
            FragmentAnswer said = failure == null ? answer : new FragmentAnswer.Refused(unexpected(failure));
            count(said);
            send(new Answer(OutgoingFrame.of(said, header.correlation()), bytes));
        });
    }

    /// Leaves an answer to the writing thread; once the connection is closed there is nobody to tell.
    private void send(Answer answer) {
        answers.add(answer);
        if (closed.get()) {
            drop();
        }
    }

    private void drop() {
        Answer next = answers.poll();
        while (next != null) {
            release(next);
            next = answers.poll();
        }
    }

    private void count(FragmentAnswer answer) {
        owner.counters.requests.increment();
        if (answer instanceof FragmentAnswer.Refused) {
            owner.counters.refused.increment();
        }
        owner.counters.bytesOut.add(FrameHeader.BYTES + (long) answer.payloadBytes());
    }

    private static CompletableFuture<FragmentAnswer> answered(
            Optional<FragmentHolder> disk, FragmentRequest request) {
        if (disk.isEmpty()) {
            return CompletableFuture.completedFuture(new FragmentAnswer.Refused(
                    new StoreUnavailableException("this node has no such disk, or it did not open")));
        }
        FragmentHolder holder = disk.get();
        try {
            return ask(holder, request).exceptionally(failure -> new FragmentAnswer.Refused(reason(failure)));
        } catch (IllegalArgumentException invalid) {
            return CompletableFuture.completedFuture(new FragmentAnswer.Refused(
                    new StoreUnavailableException("damaged on its way: " + invalid.getMessage(), invalid)));
        }
    }

    private static CompletableFuture<FragmentAnswer> ask(FragmentHolder holder, FragmentRequest request) {
        return switch (request) {
            case FragmentRequest.Ping _ -> CompletableFuture.completedFuture(new FragmentAnswer.Done());
            case FragmentRequest.InstallToken r -> done(holder.installToken(r.stream(), r.token()));
            case FragmentRequest.Create r -> done(holder.create(r.id(), r.profile(), r.token()));
            case FragmentRequest.Append r -> done(holder.append(r.id(), r.token(), r.strips()));
            case FragmentRequest.Seal r -> done(holder.seal(r.id(), r.token(), r.rowLimit()));
            case FragmentRequest.Delete r -> done(holder.delete(r.id(), r.token()));
            case FragmentRequest.Read r -> holder.read(r.ranges()).thenApply(FragmentAnswer.Strips::new);
            case FragmentRequest.Status r ->
                holder.status(r.id()).thenApply(status -> new FragmentAnswer.Statuses(statuses(status)));
            case FragmentRequest.Headers r ->
                holder.headers(r.id(), r.fromRow(), r.count()).thenApply(FragmentAnswer.Headers::new);
            case FragmentRequest.Fragments r ->
                holder.fragments(r.after(), r.count()).thenApply(FragmentAnswer.Statuses::new);
        };
    }

    private static List<FragmentStatus> statuses(Optional<FragmentStatus> status) {
        return status.map(List::of).orElse(List.of());
    }

    private static CompletableFuture<FragmentAnswer> done(CompletableFuture<Void> change) {
        return change.thenApply(_ -> new FragmentAnswer.Done());
    }

    private static ChunkStoreException reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ChunkStoreException known ? known : unexpected(failure);
    }

    private static ChunkStoreException unexpected(Throwable failure) {
        LOG.error("a request for fragments failed unexpectedly", failure);
        return new StoreUnavailableException("the holder failed");
    }

    /// The outermost frame of the writing thread.
    private void write(Transport transport) {
        FrameBatch batch = new FrameBatch(transport);
        try {
            while (!closed.get()) {
                Answer next = answers.take();
                while (next != null) {
                    add(next, batch);
                    next = batch.isFull() ? null : answers.poll();
                }
                batch.flush();
            }
        } catch (IOException failure) {
            close(String.valueOf(failure.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            close("interrupted");
        }
        drop();
    }

    private void add(Answer answer, FrameBatch batch) throws IOException {
        try {
            if (!closed.get()) {
                batch.add(answer.frame());
            }
        } finally {
            release(answer);
        }
    }

    private void release(Answer answer) {
        if (answer.freedBytes() > 0) {
            requests.release();
            owner.bytes().release(answer.freedBytes());
        }
    }
}
