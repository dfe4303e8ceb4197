package io.holdfast.node.peerlink;

import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.peerlink.wire.FrameDecoder;
import io.holdfast.node.peerlink.wire.FrameType;
import io.holdfast.node.peerlink.wire.FrameWriter;
import io.holdfast.node.peerlink.wire.Hello;
import io.holdfast.node.peerlink.wire.Outcome;
import io.holdfast.node.peerlink.wire.PayloadReader;
import io.holdfast.node.peerlink.wire.Wire;
import io.holdfast.node.peerlink.wire.WireException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One open connection of a [PeerLink]. Confined to the link's event loop.
final class PeerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Large enough to fill TLS records, small enough to leave early.
    private static final int BATCH_BYTES = 256 * 1024;

    /// A new round trip counts for an eighth, as TCP smooths it (RFC 6298).
    private static final int SMOOTHING = 8;

    private final PeerLink link;

    private final NetSocket socket;
    private final FrameDecoder decoder = new FrameDecoder(this::onFrame);
    private final FrameWriter writer = new FrameWriter();
    private final PendingTable sent;
    private @Nullable ClusterCertificate certificate;
    private boolean greeted;
    private boolean closed;
    private long heardNanos = System.nanoTime();
    private long pingedNanos = System.nanoTime();
    private volatile long roundTripNanos;

    PeerConnection(PeerLink link, NetSocket socket) {
        this.link = link;

        this.socket = socket;
        this.sent = new PendingTable(link.owner().limits().outstandingCountMax());
    }

    void open() {
        try {
            certificate = PeerTls.shownBy(socket);
        } catch (InvalidIdentityException e) {
            close(String.valueOf(e.getMessage()));
            return;
        }
        if (!link.peer().value().equals(certificate.name())) {
            close("another node answers at this address: name=" + certificate.name());
            return;
        }
        socket.handler(this::onBytes)
                .exceptionHandler(
                        failure -> LOG.debug("peer connection: reason={}", failure.getMessage()))
                .closeHandler(_ -> close("closed by the peer"))
                .drainHandler(_ -> link.scheduleDrain());
        Hello.ofThisBuild(link.owner().tls().self()).write(writer);
        flush();
    }

    long roundTripNanos() {
        return roundTripNanos;
    }

    /// Sends what is queued, many proposals per frame, until the socket or the table of outstanding
    /// requests is full.
    void sendQueued() {
        if (closed) {
            return;
        }
        Pending next = poll();
        while (next != null) {
            next =
                    switch (next) {
                        case Pending.Proposing proposing -> writeProposals(proposing);
                        case Pending.Calling calling -> writeCall(calling);
                    };
        }
        flush();
    }

    /// Watches over deadlines, the peer's silence and its admission; pings.
    void tick(long nowNanos) {
        if (closed) {
            return;
        }
        sent.removeExpired(
                nowNanos,
                request ->
                        link.end(
                                request,
                                new OutcomeUnknownException(
                                        "no answer in time: peer=" + link.peer())));
        PeerLimits limits = link.owner().limits();
        long silenceNanosMax = (greeted ? limits.silenceMax() : limits.connectTimeout()).toNanos();
        Optional<String> refusal =
                Optional.ofNullable(certificate).flatMap(link.owner().tls().admission()::refusal);
        if (refusal.isPresent()) {
            close("refused: " + refusal.get());
        } else if (nowNanos - heardNanos > silenceNanosMax) {
            close("silent");
        } else if (greeted && nowNanos - pingedNanos > PING_NANOS) {
            pingedNanos = nowNanos;
            writer.begin(FrameType.PING, 0).putLong(nowNanos).end();
            flush();
        }
    }

    /// Ends the connection and everything sent over it.
    void close(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        socket.close();
        LOG.info("peer disconnected: peer={} reason={}", link.peer(), reason);
        link.onClosed(this, reason);
    }

    void failSent(Consumer<Pending> fail) {
        sent.removeAll(fail);
    }

    private @Nullable Pending poll() {
        return sent.isFull() || socket.writeQueueFull() ? null : link.next();
    }

    private @Nullable Pending writeProposals(Pending.Proposing first) {
        writer.begin(FrameType.PROPOSE, 0);
        int countPosition = writer.position();
        writer.putShort(0);
        int count = 0;
        Pending next = first;
        while (next instanceof Pending.Proposing proposing) {
            Outcome.writeProposal(writer, sent.put(proposing), proposing.proposal());
            count++;
            boolean isFull = count == Wire.BATCH_COUNT_MAX || writer.frameBytes() >= BATCH_BYTES;
            next = isFull ? null : poll();
        }
        writer.overwriteShort(countPosition, count);
        writer.end();
        if (next == null) {
            flush();
            next = poll();
        }
        return next;
    }

    private @Nullable Pending writeCall(Pending.Calling calling) {
        if (calling.argument().length > Wire.PAYLOAD_BYTES_MAX - Long.BYTES) {
            link.end(calling, new PeerRefusedException("the argument is too long"));
            return poll();
        }
        writer.begin(FrameType.CALL, sent.put(calling))
                .putShort(calling.call().code())
                .putInt(calling.timeoutMillis())
                .putRest(calling.argument())
                .end();
        return poll();
    }

    private void flush() {
        if (!writer.isEmpty()) {
            socket.write(Buffer.buffer(writer.take()));
        }
    }

    private void onBytes(Buffer bytes) {
        if (closed) {
            return;
        }
        heardNanos = System.nanoTime();
        try {
            decoder.feed(bytes.getBytes());
        } catch (WireException broken) {
            close("protocol broken: " + broken.getMessage());
        }
    }

    private void onFrame(int version, FrameType type, long correlation, PayloadReader payload) {
        if (closed) {
            return;
        }
        if (version != Wire.VERSION) {
            throw new WireException("another version was agreed on: version=" + version);
        }
        if (!greeted && type != FrameType.HELLO && type != FrameType.GOODBYE) {
            throw new WireException("a greeting comes first: type=" + type);
        }
        switch (type) {
            case HELLO -> onGreeting(Hello.read(payload));
            case GOODBYE -> close("goodbye: " + payload.text16());
            case PONG -> onPong(payload);
            case OUTCOMES -> onOutcomes(payload);
            case ANSWER -> onAnswer(correlation, payload);
            case PING, PROPOSE, CALL -> throw new WireException("not an answer: type=" + type);
        }
    }

    private void onGreeting(Hello theirs) {
        if (greeted
                || theirs.versionMax() != Wire.VERSION
                || !theirs.node().equals(link.peer().value())) {
            throw new WireException("unexpected greeting: version=" + theirs.versionMax());
        }
        greeted = true;
        pingedNanos = System.nanoTime();
        writer.begin(FrameType.PING, 0).putLong(pingedNanos).end();
        link.onGreeted(this);
        flush();
    }

    private void onPong(PayloadReader payload) {
        long measured = System.nanoTime() - payload.signedLong();
        payload.end();
        long before = roundTripNanos;
        roundTripNanos = before == 0 ? measured : before + (measured - before) / SMOOTHING;
    }

    private void onOutcomes(PayloadReader payload) {
        int count = payload.unsignedShort();
        for (int i = 0; i < count; i++) {
            settle(Outcome.read(payload));
        }
        payload.end();
        link.scheduleDrain();
    }

    private void settle(Outcome outcome) {
        Pending request = sent.remove(outcome.correlation());
        if (!(request instanceof Pending.Proposing proposing)) {
            if (request != null) {
                link.end(request, new OutcomeUnknownException("the peer mixed up its answers"));
                throw new WireException("an outcome for a call");
            }
            return;
        }
        link.release(proposing);
        switch (outcome) {
            case Outcome.Done done -> proposing.outcome().complete(done.committed());
            case Outcome.Failed failed -> proposing.fail(failed.failure());
            case Outcome.Expired _ ->
                    proposing.fail(new SessionExpiredException(proposing.proposal().session()));
        }
    }

    private void onAnswer(long correlation, PayloadReader payload) {
        int code = payload.unsignedByte();
        Pending request = sent.remove(correlation);
        if (request instanceof Pending.Calling calling) {
            if (code == 0) {
                link.release(calling);
                calling.result().complete(payload.rest());
            } else {
                link.end(calling, new PeerRefusedException(payload.text16()));
            }
        } else if (request != null) {
            link.end(request, new OutcomeUnknownException("the peer mixed up its answers"));
            throw new WireException("an answer for a proposal");
        }
        link.scheduleDrain();
    }
}
