package io.holdfast.node.peerlink;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.peerlink.wire.FrameDecoder;
import io.holdfast.node.peerlink.wire.FrameType;
import io.holdfast.node.peerlink.wire.FrameWriter;
import io.holdfast.node.peerlink.wire.Hello;
import io.holdfast.node.peerlink.wire.Outcome;
import io.holdfast.node.peerlink.wire.PayloadReader;
import io.holdfast.node.peerlink.wire.Wire;
import io.holdfast.node.peerlink.wire.WireException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// One accepted connection. Confined to its socket's event loop, but for [#answers], through which
/// other threads hand over what is to be sent.
final class PeerSession {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSession.class);
    private static final long CHECK_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final NetSocket socket;
    private final ClusterCertificate certificate;
    private final PeerId peer;
    private final PeerServer owner;
    private final FrameDecoder decoder = new FrameDecoder(this::onFrame);
    private final FrameWriter writer = new FrameWriter();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flushScheduled = new AtomicBoolean();
    private boolean greeted;
    private boolean closed;
    private boolean paused;
    private boolean heard = true;
    private long silentMillis;
    private int outstandingCount;
    private long outstandingBytes;
    private int callCount;

    /// Something to send: a proposal's outcome or a call's answer, and what it frees.
    @SuppressWarnings("ArrayRecordComponent") // Handed over, never shared.
    private record Answer(
            long correlation,
            int freedBytes,
            @Nullable Outcome outcome,
            byte @Nullable [] result,
            @Nullable String refusal) {}

    PeerSession(Vertx vertx, NetSocket socket, ClusterCertificate certificate, PeerServer owner) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = socket;
        this.certificate = certificate;
        this.peer = PeerTls.peerOf(certificate);
        this.owner = owner;
    }

    void open() {
        long timer = vertx.setPeriodic(CHECK_MILLIS, _ -> check());
        socket.handler(this::onBytes)
                .exceptionHandler(failure -> cut("connection failed", failure))
                .closeHandler(
                        _ -> {
                            closed = true;
                            vertx.cancelTimer(timer);
                            owner.closed(this);
                        });
        socket.drainHandler(_ -> resumeIfRoom());
    }

    /// Cuts the connection if its peer is no longer admitted; any thread may ask.
    void checkAdmission() {
        owner.tls()
                .admission()
                .refusal(certificate)
                .ifPresent(reason -> context.runOnContext(_ -> cut("refused: " + reason, null)));
    }

    private void check() {
        checkAdmission();
        // Not reading is our doing, not the peer's silence.
        silentMillis = heard || paused ? 0 : silentMillis + CHECK_MILLIS;
        heard = false;
        if (silentMillis >= owner.limits().silenceMax().toMillis()) {
            cut("silent", null);
        } else if (!greeted && silentMillis >= owner.limits().connectTimeout().toMillis()) {
            cut("no greeting", null);
        }
    }

    private void onBytes(Buffer bytes) {
        if (closed) {
            return;
        }
        heard = true;
        try {
            decoder.feed(bytes.getBytes());
        } catch (WireException broken) {
            writer.take();
            writer.begin(FrameType.GOODBYE, 0).putText16(String.valueOf(broken.getMessage())).end();
            cut("protocol broken", broken);
        }
        send();
    }

    private void onFrame(int version, FrameType type, long correlation, PayloadReader payload) {
        if (closed) {
            return;
        }
        if (!greeted) {
            onGreeting(type, payload);
            return;
        }
        if (version != Wire.VERSION) {
            throw new WireException("another version was agreed on: version=" + version);
        }
        switch (type) {
            case PING -> onPing(correlation, payload);
            case PROPOSE -> onProposals(payload);
            case CALL -> onCall(correlation, payload);
            case HELLO, GOODBYE, PONG, OUTCOMES, ANSWER ->
                    throw new WireException("not a request: type=" + type);
        }
    }

    private void onGreeting(FrameType type, PayloadReader payload) {
        if (type != FrameType.HELLO) {
            throw new WireException("a greeting comes first: type=" + type);
        }
        Hello theirs = Hello.read(payload);
        if (!theirs.node().equals(certificate.name())) {
            throw new WireException("the greeting names somebody else than the certificate");
        }
        Hello ours = Hello.ofThisBuild(owner.tls().self());
        OptionalInt common = ours.common(theirs);
        if (common.isEmpty()) {
            throw new WireException(
                    "no common version: ours="
                            + ours.versionMin()
                            + "-"
                            + ours.versionMax()
                            + " theirs="
                            + theirs.versionMin()
                            + "-"
                            + theirs.versionMax());
        }
        greeted = true;
        new Hello(common.getAsInt(), common.getAsInt(), ours.node()).write(writer);
        LOG.info(
                "peer connected: peer={} address={} version={}",
                peer,
                socket.remoteAddress(),
                common.getAsInt());
    }

    private void onPing(long correlation, PayloadReader payload) {
        long nanos = payload.signedLong();
        payload.end();
        writer.begin(FrameType.PONG, correlation).putLong(nanos).end();
    }

    private void onProposals(PayloadReader payload) {
        int count = payload.unsignedShort();
        for (int i = 0; i < count; i++) {
            long correlation = payload.signedLong();
            propose(correlation, Outcome.readProposal(payload));
        }
        payload.end();
        pauseIfFull();
    }

    private void propose(long correlation, Proposal proposal) {
        int bytes = proposal.command().length;
        outstandingCount++;
        outstandingBytes += bytes;
        var _ =
                owner.requests()
                        .propose(peer, proposal)
                        .whenComplete(
                                (committed, failure) -> {
                                    Outcome outcome =
                                            failure == null
                                                    ? new Outcome.Done(correlation, committed)
                                                    : failed(correlation, failure);
                                    enqueue(new Answer(correlation, bytes, outcome, null, null));
                                });
    }

    private static Outcome failed(long correlation, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return switch (cause) {
            case SessionExpiredException _ -> new Outcome.Expired(correlation);
            case ConsensusException known -> new Outcome.Failed(correlation, known);
            case null, default -> {
                LOG.error("a peer's proposal failed unexpectedly", failure);
                yield new Outcome.Failed(
                        correlation, new OutcomeUnknownException("the leader failed"));
            }
        };
    }

    private void onCall(long correlation, PayloadReader payload) {
        int kind = payload.unsignedShort();
        int timeoutMillis = payload.signedInt();
        byte[] argument = payload.rest();
        outstandingCount++;
        outstandingBytes += argument.length;
        callCount++;
        PeerCall call = PeerCall.of(kind).orElse(null);
        if (call == null) {
            refuseCall(correlation, argument, "this node does not know the call: kind=" + kind);
        } else if (callCount > PeerRequests.CALL_COUNT_MAX || timeoutMillis <= 0) {
            refuseCall(correlation, argument, "too many calls, or too late: calls=" + callCount);
        } else {
            try {
                owner.callThreads().execute(() -> answer(correlation, call, argument));
            } catch (RejectedExecutionException closing) {
                refuseCall(correlation, argument, "this node is stopping");
            }
        }
        pauseIfFull();
    }

    private void refuseCall(long correlation, byte[] argument, String reason) {
        enqueue(new Answer(correlation, argument.length, null, null, reason));
    }

    private void answer(long correlation, PeerCall call, byte[] argument) {
        byte @Nullable [] result = null;
        String refusal = null;
        try {
            result = owner.requests().answer(peer, call, argument);
            if (result.length > Wire.PAYLOAD_BYTES_MAX - 1) {
                result = null;
                refusal = "the answer is too long";
            }
        } catch (PeerRefusedException | ConsensusException expected) {
            refusal = String.valueOf(expected.getMessage());
        } catch (RuntimeException e) {
            // The outermost frame of this thread; the peer must not wait until its deadline.
            LOG.error("a peer's call failed unexpectedly: peer={} call={}", peer, call, e);
            refusal = "the other node failed to answer";
        }
        enqueue(new Answer(correlation, argument.length, null, result, refusal));
    }

    private void enqueue(Answer answer) {
        answers.add(answer);
        if (flushScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> flush());
        }
    }

    private void flush() {
        flushScheduled.set(false);
        if (closed) {
            answers.clear();
            return;
        }
        Answer next = answers.poll();
        while (next != null) {
            if (next.outcome == null) {
                writeAnswer(next);
                next = answers.poll();
            } else {
                next = writeOutcomes(next);
            }
        }
        send();
        resumeIfRoom();
    }

    private void writeAnswer(Answer answer) {
        release(answer);
        callCount--;
        writer.begin(FrameType.ANSWER, answer.correlation);
        if (answer.result != null) {
            writer.putByte(0).putRest(answer.result);
        } else {
            writer.putByte(1).putText16(answer.refusal == null ? "" : answer.refusal);
        }
        writer.end();
    }

    /// Puts as many outcomes into one frame as there are and fit, and gives back the first that did
    /// not.
    private @Nullable Answer writeOutcomes(Answer first) {
        writer.begin(FrameType.OUTCOMES, 0);
        int countPosition = writer.position();
        writer.putShort(0);
        int count = 0;
        Answer next = first;
        while (next != null
                && next.outcome != null
                && count < Wire.BATCH_COUNT_MAX
                && fits(next.outcome)) {
            release(next);
            Outcome.write(writer, next.outcome);
            count++;
            next = answers.poll();
        }
        if (count == 0) {
            release(first);
            count = 1;
            Outcome.write(writer, tooLong(first.correlation));
            next = answers.poll();
        }
        writer.overwriteShort(countPosition, count);
        writer.end();
        return next;
    }

    private boolean fits(Outcome outcome) {
        int bytes =
                outcome instanceof Outcome.Done done ? done.committed().reply().length : 8 * 1024;
        return writer.frameBytes() + bytes + Wire.PROPOSAL_OVERHEAD_BYTES < Wire.PAYLOAD_BYTES_MAX;
    }

    private static Outcome tooLong(long correlation) {
        return new Outcome.Failed(
                correlation, new OutcomeUnknownException("the reply is too long for a frame"));
    }

    private void release(Answer answer) {
        outstandingCount--;
        outstandingBytes -= answer.freedBytes;
    }

    private void send() {
        if (!writer.isEmpty()) {
            socket.write(Buffer.buffer(writer.take()));
            pauseIfFull();
        }
    }

    private void pauseIfFull() {
        if (!paused && !hasRoom()) {
            paused = true;
            socket.pause();
        }
    }

    private void resumeIfRoom() {
        if (paused && hasRoom()) {
            paused = false;
            socket.resume();
        }
    }

    private boolean hasRoom() {
        return outstandingCount < owner.limits().outstandingCountMax()
                && outstandingBytes < owner.limits().outstandingBytesMax()
                && !socket.writeQueueFull();
    }

    private void cut(String reason, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info(
                "cut a peer: peer={} reason={} detail={}",
                peer,
                reason,
                failure == null ? "" : failure.getMessage());
        if (writer.isEmpty()) {
            socket.close();
        } else {
            socket.end(Buffer.buffer(writer.take()));
        }
    }
}
