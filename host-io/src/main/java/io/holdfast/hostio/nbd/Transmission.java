package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.Transport;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.RequestHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The transmission phase of one connection (proto.md, "Transmission"): reads requests and sees that each
/// gets its reply. Confined to the connection's reading thread.
///
/// Requests that came together and are quick are answered together: one read, one write for all of them.
final class Transmission {
    // A client can work on the first replies while the rest is being read.
    private static final int SEND_BYTES_MIN = 64 << 10;
    // A wait for the next request shorter than this was none: it had already come.
    private static final long ARRIVED_BEFORE_NANOS = 4_000;

    private final Session session;
    private final Transport transport;
    private final ReplySender sender;
    private final InFlight inFlight;
    private final Watch watch;
    private final NbdCounters counters;
    private final Pace pace = new Pace();
    private final RequestHeader request = new RequestHeader();
    private final Operation operation;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private boolean wasSlow;

    Transmission(
            Session session, Transport transport, ReplySender sender, InFlight inFlight, Watch watch) {
        this.session = session;
        this.transport = transport;
        this.sender = sender;
        this.inFlight = inFlight;
        this.watch = watch;
        this.counters = inFlight.counters();
        this.operation = new Operation(session);
        this.in = inFlight.takeConnectionBuffer().flip();
        this.out = inFlight.takeConnectionBuffer();
    }

    /// Gives back its buffers. Nothing of it may be called afterwards.
    void release() {
        inFlight.giveBackConnectionBuffer(in);
        inFlight.giveBackConnectionBuffer(out);
    }

    /// Serves until the client says goodbye, is gone, or talks nonsense. `early` are bytes that came with the
    /// handshake.
    void run(ByteBuffer early) throws IOException {
        in.clear().put(early).flip();
        inFlight.beginStep();
        try {
            while (buffer(RequestHeader.BYTES, true)
                    && request.decode(in)
                    && request.type() != NbdWire.CMD_DISC) {
                counters.requests.increment();
                serve();
            }
            sendOut();
        } finally {
            inFlight.endStep();
        }
    }

    private void serve() throws IOException {
        operation.set(request);
        int error = inFlight.isDraining() ? NbdWire.ESHUTDOWN : RequestRules.check(request, session);
        if (error != NbdWire.OK) {
            refuse(error);
            return;
        }
        int payloadBytes = (int) request.payloadBytes();
        count(payloadBytes);
        pace.arrived(in.remaining() <= payloadBytes && inFlight.isEmpty());
        Pace.Kind kind = operation.kind();
        boolean atOnce = pace.atOnce(kind);
        boolean fits = payloadBytes <= in.capacity() && operation.replyBytesMax() <= out.capacity();
        if (atOnce && fits) {
            answer(kind, payloadBytes);
            return;
        }
        Optional<ByteBuffer> buffer = inFlight.tryTake(operation.bufferBytes());
        if (buffer.isPresent()) {
            serveWith(buffer.get(), kind, atOnce);
        } else if (fits) {
            answer(kind, payloadBytes);
        } else {
            counters.requestsInPieces.increment();
            new Pieces(session, this).serve(request);
        }
    }

    private void count(int payloadBytes) {
        if (payloadBytes > 0) {
            counters.bytesWritten.add(payloadBytes);
        } else if (request.type() == NbdWire.CMD_READ) {
            counters.bytesRead.add(request.length());
        }
    }

    /// Answers with an error instead of asking the device; the payload of a write is read and forgotten.
    private void refuse(int error) throws IOException {
        if (skip(request.payloadBytes())) {
            replyError(error);
        }
    }

    void replyError(int error) throws IOException {
        reserveOut(operation.replyBytesMax());
        operation.error(out, error);
        counters.requestsFailed.increment();
    }

    /// Carries it out on this thread, through the connection's own buffers.
    private void answer(Pace.Kind kind, int payloadBytes) throws IOException {
        if (!buffer(payloadBytes, false)) {
            return; // The client left in the middle; the next read says so again.
        }
        reserveOut(operation.replyBytesMax());
        wasSlow = pace.isSlow(kind);
        if (wasSlow) {
            sendOut(); // The replies before it do not wait for it.
        }
        int limit = in.limit();
        int end = in.position() + payloadBytes;
        in.limit(end);
        execute(kind, in, out);
        in.limit(limit).position(end);
        if (out.position() >= SEND_BYTES_MIN) {
            sendOut();
        }
    }

    private void execute(Pace.Kind kind, ByteBuffer payload, ByteBuffer reply) {
        long began = System.nanoTime();
        operation.execute(payload, reply);
        pace.measured(kind, System.nanoTime() - began);
        if (operation.hasFailed()) {
            counters.requestsFailed.increment();
        }
    }

    /// Carries it out through a buffer of its own, on this thread or another one.
    private void serveWith(ByteBuffer buffer, Pace.Kind kind, boolean atOnce) throws IOException {
        boolean started = false;
        int bytes = operation.bufferBytes();
        try {
            if (request.type() == NbdWire.CMD_WRITE && !receive(buffer)) {
                return;
            }
            started = !atOnce && start(buffer, kind);
            if (!started) {
                sendOut();
                wasSlow = true;
                ByteBuffer reply = operation.replyIn(buffer);
                int replyAt = reply.position();
                execute(kind, buffer, reply);
                sender.send(reply.limit(reply.position()).position(replyAt));
            }
        } finally {
            if (!started) {
                inFlight.giveBack(buffer, bytes);
            }
        }
    }

    private boolean start(ByteBuffer buffer, Pace.Kind kind) throws IOException {
        if (inFlight.isFull()) {
            sendOut();
        }
        sender.startQueue();
        Operation own = new Operation(session).set(request);
        return inFlight.start(new InFlight.Task(own, buffer, kind, pace, sender));
    }

    /// The payload of a write into its own buffer, which is left readable. False if the client left.
    private boolean receive(ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        int buffered = Math.min(in.remaining(), buffer.remaining());
        buffer.put(start, in, in.position(), buffered).position(start + buffered);
        in.position(in.position() + buffered);
        if (buffer.hasRemaining()) {
            sendOut();
            watch.receiving();
            while (buffer.hasRemaining()) {
                if (transport.read(buffer) < 0) {
                    return false;
                }
            }
            watch.received();
        }
        buffer.position(start);
        return true;
    }

    /// Waits until so many bytes have come; `between` says that they begin a request. False if the client
    /// left before.
    boolean buffer(int count, boolean between) throws IOException {
        while (in.remaining() < count) {
            sendOut();
            boolean resting = between && !in.hasRemaining();
            in.compact();
            int got;
            try {
                got = resting ? rest() : receiveMore();
            } finally {
                in.flip();
            }
            if (got < 0) {
                return false;
            }
        }
        return true;
    }

    private int receiveMore() throws IOException {
        watch.receiving();
        int got = transport.read(in);
        watch.received();
        return got;
    }

    private int rest() throws IOException {
        inFlight.endStep();
        try {
            watch.resting();
            if (!wasSlow) {
                return transport.read(in);
            }
            wasSlow = false;
            long began = System.nanoTime();
            int got = transport.read(in);
            pace.afterSlow(System.nanoTime() - began < ARRIVED_BEFORE_NANOS);
            return got;
        } finally {
            watch.received();
            inFlight.beginStep();
        }
    }

    /// Forgets so many bytes. False if the client left before.
    boolean skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (!in.hasRemaining() && !buffer(1, false)) {
                return false;
            }
            int some = (int) Math.min(left, in.remaining());
            in.position(in.position() + some);
            left -= some;
        }
        return true;
    }

    /// Makes room for a reply; [#out] is then where it goes.
    void reserveOut(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            sendOut();
        }
    }

    void sendOut() throws IOException {
        if (out.position() > 0) {
            sender.send(out.flip());
            out.clear();
        }
    }

    /// Received bytes that were not used yet, between position and limit.
    ByteBuffer in() {
        return in;
    }

    ByteBuffer out() {
        return out;
    }
}
