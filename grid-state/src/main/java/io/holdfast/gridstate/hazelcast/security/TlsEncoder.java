package io.holdfast.gridstate.hazelcast.security;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Last handler of an outbound pipeline: turns the bytes of the vendor's encoders into TLS records. Confined
/// to whichever thread runs the pipeline (one at a time). Sends nothing of theirs before the handshake is
/// over and the peer's name is admitted.
final class TlsEncoder extends OutboundHandler<ByteBuffer, ByteBuffer> {
    /// At least one whole record (16 KiB and its overhead); more saves calls under load.
    private static final int ENCRYPTED_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TlsEncoder.class);

    private final TlsChannel session;
    private boolean farewellWritten;

    TlsEncoder(TlsChannel session) {
        this.session = session;
    }

    @Override
    public void handlerAdded() {
        initDstBuffer(Math.max(ENCRYPTED_BYTES, session.engine().getSession().getPacketBufferSize()));
    }

    @Override
    public HandlerStatus onWrite() throws Exception {
        IOUtil.compactOrClear(dst);
        try {
            return wrap();
        } finally {
            dst.flip();
        }
    }

    private HandlerStatus wrap() throws Exception {
        while (true) {
            EOFException failure = session.failure();
            if (failure != null) {
                return sayFarewell(failure);
            }
            switch (session.status()) {
                case NEED_TASK -> {
                    session.runTasks();
                    return HandlerStatus.BLOCKED;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return HandlerStatus.BLOCKED;
                }
                case NEED_WRAP -> {
                    if (!answered()) {
                        return HandlerStatus.DIRTY;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    if (session.peerName().isEmpty()) {
                        session.onHandshakeFinished();
                        continue;
                    }
                    if (!src.hasRemaining()) {
                        return HandlerStatus.CLEAN;
                    }
                    SSLEngineResult result = session.engine().wrap(src, dst);
                    if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                        return HandlerStatus.DIRTY;
                    }
                    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                        throw new EOFException("the TLS session is closed");
                    }
                }
            }
        }
    }

    /// One step of the handshake (or of a key update); whether it fitted into the buffer.
    private boolean answered() {
        try {
            SSLEngineResult result = session.wrapNothing(dst);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                return false;
            }
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                session.onHandshakeFinished();
            } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                session.fail("the TLS session is closed");
            }
            session.wakeInbound();
        } catch (SSLException e) {
            session.fail(e);
        }
        return true;
    }

    /// Writes the alert or close_notify that the engine still has, lets it leave, then ends the connection.
    private HandlerStatus sayFarewell(EOFException failure) throws Exception {
        if (!farewellWritten) {
            farewellWritten = true;
            session.engine().closeOutbound();
            try {
                SSLEngineResult result = session.wrapNothing(dst);
                while (result.getStatus() == SSLEngineResult.Status.OK && result.bytesProduced() > 0) {
                    result = session.wrapNothing(dst);
                }
            } catch (SSLException e) {
                // The connection ends either way; why is already known.
                LOG.debug("no TLS farewell: remote={}", channel.remoteSocketAddress(), e);
            }
        }
        if (dst.position() > 0) {
            return HandlerStatus.DIRTY;
        }
        throw failure;
    }
}
