package io.holdfast.node.fragment;

import io.holdfast.hostio.nbd.transport.TlsTransport;
import io.holdfast.hostio.nbd.transport.Transport;
import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FragmentWireException;
import io.holdfast.node.fragment.wire.Greeting;
import io.holdfast.node.identity.ClusterCertificate;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a [FragmentLink]. Its link's thread opens it and sends; a thread of its own reads; any
/// thread may close it.
final class FragmentConnection {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentConnection.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final FragmentServer.Tls tls;
    private final Map<Long, PendingRequest> sent = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<PendingRequest> settled;
    private volatile Optional<ClusterCertificate> certificate = Optional.empty();
    private volatile long heardNanos = System.nanoTime();
    private volatile String closeReason = "";
    private @Nullable FrameBatch batch;
    private long correlation;

    /// @param settled hears of each request that is answered or given up
    FragmentConnection(SocketChannel channel, FragmentServer.Tls tls, Consumer<PendingRequest> settled) {
        this.channel = channel;
        this.tls = tls;
        this.settled = settled;
    }

    /// Connects and greets; on success a thread reads from then on.
    void open(FragmentPeer peer, FragmentLimits.Times times) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(peer.address(), (int) times.connect().toMillis());
            SSLEngine engine =
                    tls.context().clientEngine(peer.address().getHostString(), peer.address().getPort());
            Transport transport = TlsTransport.accept(channel, engine, NOTHING);
            ClusterCertificate shown = PeerCertificates.shownBy(engine);
            if (!shown.name().equals(peer.name())) {
                throw new FragmentWireException("another node answers at this address: name=" + shown.name());
            }
            certificate = Optional.of(shown);
            FrameReader reader = new FrameReader(transport);
            greet(reader, transport, peer);
            batch = new FrameBatch(transport);
            heardNanos = System.nanoTime();
            Thread.ofPlatform().name("fragment-from-" + peer.name()).daemon().start(() -> read(reader));
        } catch (IOException | RuntimeException failure) {
            close("cannot connect: " + failure.getMessage());
            throw failure;
        }
    }

    private void greet(FrameReader reader, Transport transport, FragmentPeer peer) throws IOException {
        Greeting ours = Greeting.ofThisBuild(tls.self());
        transport.write(ours.frame());
        FrameReader.Frame first = reader.next()
                .orElseThrow(() -> new FragmentWireException("the peer left without a greeting"));
        Greeting theirs = Greeting.read(first.header(), first.payload());
        if (!theirs.node().equals(peer.name()) || ours.common(theirs).isEmpty()) {
            throw new FragmentWireException("unexpected greeting: node=" + theirs.node() + " version="
                    + theirs.versionMax());
        }
    }

    /// Puts a request into the outgoing batch. Link's thread only.
    void send(PendingRequest request) throws IOException {
        correlation++;
        sent.put(correlation, request);
        if (closed.get()) {
            // Whoever closed it may have missed this one.
            giveUp(correlation);
        } else if (request.answer().isDone()) {
            sent.remove(correlation);
        } else if (batch != null) {
            batch.add(OutgoingFrame.of(request.request(), request.disk(), correlation));
        }
    }

    /// Whether enough is gathered to be sent. Link's thread only.
    boolean isFull() {
        return batch != null && batch.isFull();
    }

    void flush() throws IOException {
        if (batch != null) {
            batch.flush();
        }
    }

    void ping() throws IOException {
        if (batch != null) {
            batch.add(OutgoingFrame.of(new FragmentRequest.Ping(), 0, 0));
            batch.flush();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /// Why it was closed.
    String closeReason() {
        return closeReason;
    }

    boolean isWaiting() {
        return !sent.isEmpty();
    }

    long heardNanos() {
        return heardNanos;
    }

    /// Why the other end is no longer admitted, if so.
    Optional<String> refusal() {
        return certificate.flatMap(tls.trust().admission()::refusal);
    }

    /// Gives up requests whose deadline has passed.
    void expire(long nowNanos) {
        sent.forEach((key, request) -> {
            if (request.deadlineNanos() - nowNanos <= 0 && sent.remove(key, request)) {
                settled.accept(request);
                request.fail("no answer in time");
            }
        });
    }

    /// Ends the connection and everything that waits for it; what was asked may still happen.
    void close(String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closeReason = reason;
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.debug("a socket did not close: reason={}", failure.toString());
        }
        sent.keySet().forEach(this::giveUp);
    }

    private void giveUp(long key) {
        PendingRequest request = sent.remove(key);
        if (request != null) {
            settled.accept(request);
            request.fail("the connection broke: reason=" + closeReason);
        }
    }

    /// The outermost frame of the reading thread.
    private void read(FrameReader reader) {
        try {
            Optional<FrameReader.Frame> next = reader.next();
            while (next.isPresent()) {
                heardNanos = System.nanoTime();
                onFrame(next.get());
                next = reader.next();
            }
            close("the peer closed it");
        } catch (IOException | FragmentWireException failure) {
            close(String.valueOf(failure.getMessage()));
        }
    }

    private void onFrame(FrameReader.Frame frame) {
        FragmentAnswer answer = FragmentAnswer.read(frame.header().kind(), frame.payload());
        PendingRequest request = sent.remove(frame.header().correlation());
        if (request != null) {
            settled.accept(request);
            request.answer().complete(answer);
        }
    }
}
