package io.holdfast.gridstate.hazelcast.security;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.server.ServerConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection's TLS session, shared by the decoder and the encoder of its pipelines. Concurrent: the
/// two I/O threads, the thread that runs the handshake's tasks and the sweep meet here; the handshake's
/// progress is guarded by this object, the rest is volatile. The engine itself may be wrapped and unwrapped
/// by two threads at once.
///
/// Life: handshaking, then either established or failed; a failed one sends its alert (or a close_notify)
/// and then closes the connection. A handshake that outlives its deadline is cut.
final class TlsChannel {
    static final long HANDSHAKE_MILLIS_MAX = 5_000;

    /// How long a close_notify may take to leave before the socket is closed under it.
    private static final long CLOSE_MILLIS_MAX = 500;

    private static final Logger LOG = LoggerFactory.getLogger(TlsChannel.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final SSLEngine engine;
    private final Channel channel;
    private final Admission admission;
    private final HandshakeCrew crew;
    private final AtomicBoolean taskRunning = new AtomicBoolean();
    private final AtomicBoolean permitHeld = new AtomicBoolean();
    private volatile @Nullable String peerName;
    private volatile @Nullable EOFException failure;

    TlsChannel(SSLEngine engine, Channel channel, Admission admission, HandshakeCrew crew) {
        this.engine = engine;
        this.channel = channel;
        this.admission = admission;
        this.crew = crew;
    }

    /// Starts the handshake and its deadline.
    void open() throws IOException {
        permitHeld.set(!channel.isClientMode() && crew.tryAcquirePermit());
        admission.add(this);
        channel.addCloseListener(_ -> onClosed());
        if (channel.isClosed()) {
            onClosed();
        }
        if (!channel.isClientMode() && !permitHeld.get()) {
            fail("too many handshakes at once: max=" + HandshakeCrew.INCOMING_MAX);
            return;
        }
        engine.beginHandshake();
        if (!crew.after(HANDSHAKE_MILLIS_MAX, TimeUnit.MILLISECONDS, this::onDeadline)) {
            requestClose("the grid is closing");
        }
    }

    SSLEngine engine() {
        return engine;
    }

    Optional<String> peerName() {
        return Optional.ofNullable(peerName);
    }

    @Nullable EOFException failure() {
        return failure;
    }

    HandshakeStatus status() {
        return engine.getHandshakeStatus();
    }

    SSLEngineResult wrapNothing(ByteBuffer target) throws SSLException {
        return engine.wrap(NOTHING.duplicate(), target);
    }

    /// Checks the peer's name. The engine reports the end of a handshake more than once in TLS 1.3; only the
    /// first report counts.
    void onHandshakeFinished() {
        synchronized (this) {
            if (peerName != null || failure != null) {
                return;
            }
            try {
                String name = GridTls.peerName(engine);
                if (admission.admits(name)) {
                    peerName = name;
                } else {
                    failure = new EOFException("peer is not admitted: node=" + name);
                }
            } catch (SSLPeerUnverifiedException e) {
                failure = new EOFException(e.getMessage());
            }
        }
        releasePermit();
        EOFException refusal = failure;
        if (refusal != null) {
            admission.refuse(String.valueOf(refusal.getMessage()), channel.remoteSocketAddress());
            tellTurnedAway(refusal);
            closeWithin(refusal.getMessage());
        }
        wakeOutbound();
        wakeInbound();
    }

    /// Remembers why the session ends; the encoder sends what the engine has to say about it and then ends
    /// the connection.
    void fail(String reason) {
        if (failure == null) {
            admission.refuse(reason, channel.remoteSocketAddress());
            requestClose(reason);
        }
    }

    /// As above, since the engine failed.
    void fail(SSLException reason) {
        if (failure == null) {
            tellTurnedAway(reason);
        }
        fail("TLS failed: " + reason.getMessage());
    }

    private void tellTurnedAway(Exception why) {
        if (!channel.isClientMode()) {
            admission.tellTurnedAway(why, channel.remoteSocketAddress());
        }
    }

    /// Says goodbye (close_notify) and closes the connection.
    void requestClose(String reason) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            // The vendor logs an end of file in one line and anything else with its stack.
            failure = new EOFException(reason);
        }
        wakeOutbound();
        closeWithin(reason);
    }

    SocketAddress remote() {
        return channel.remoteSocketAddress();
    }

    void closeNow(@Nullable String reason, @Nullable Throwable cause) {
        if (channel.attributeMap().get(ServerConnection.class) instanceof ServerConnection connection) {
            connection.close(reason, cause);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a grid connection failed: remote={}", channel.remoteSocketAddress(), e);
        }
    }

    /// Runs the engine's certificate work away from the I/O thread, then lets both pipelines go on.
    void runTasks() {
        if (taskRunning.compareAndSet(false, true)) {
            crew.run(() -> {
                try {
                    Runnable task = engine.getDelegatedTask();
                    while (task != null) {
                        task.run();
                        task = engine.getDelegatedTask();
                    }
                } finally {
                    taskRunning.set(false);
                    wakeOutbound();
                    wakeInbound();
                }
            });
        }
    }

    void wakeInbound() {
        if (!channel.isClosed()) {
            channel.inboundPipeline().wakeup();
        }
    }

    void wakeOutbound() {
        if (!channel.isClosed()) {
            channel.outboundPipeline().wakeup();
        }
    }

    private void onDeadline() {
        if (peerName == null && !channel.isClosed()) {
            String reason = "TLS handshake took too long: timeoutMillis=" + HANDSHAKE_MILLIS_MAX;
            admission.refuse(reason, channel.remoteSocketAddress());
            closeNow(reason, null);
        }
    }

    private void closeWithin(@Nullable String reason) {
        if (!crew.after(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS, () -> closeNow(reason, null))) {
            LOG.debug("the grid is closing and ends its connections itself: remote={}", remote());
        }
    }

    private void onClosed() {
        admission.remove(this);
        releasePermit();
    }

    private void releasePermit() {
        if (permitHeld.compareAndSet(true, false)) {
            crew.releasePermit();
        }
    }
}
