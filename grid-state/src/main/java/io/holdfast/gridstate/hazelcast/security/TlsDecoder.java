package io.holdfast.gridstate.hazelcast.security;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// First handler of an inbound pipeline: turns TLS records into the bytes that the vendor's decoders read.
/// Confined to the channel's input thread. Holds one record in plain text at most; nothing reaches the next
/// handler before the peer's name is admitted.
final class TlsDecoder extends InboundHandler<ByteBuffer, ByteBuffer> {
    /// At least one whole record (16 KiB and its overhead); more saves calls under load.
    private static final int ENCRYPTED_BYTES = 64 * 1024;

    private final TlsChannel session;
    private ByteBuffer plain;

    TlsDecoder(TlsChannel session) {
        this.session = session;
        plain = ByteBuffer.allocate(session.engine().getSession().getApplicationBufferSize());
        plain.limit(0);
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(Math.max(ENCRYPTED_BYTES, session.engine().getSession().getPacketBufferSize()));
    }

    @Override
    public HandlerStatus onRead() throws Exception {
        if (!drained()) {
            return HandlerStatus.DIRTY;
        }
        src.flip();
        try {
            return unwrap();
        } catch (SSLException e) {
            src.position(src.limit());
            session.fail(e);
            return HandlerStatus.BLOCKED;
        } finally {
            IOUtil.compactOrClear(src);
        }
    }

    private HandlerStatus unwrap() throws Exception {
        while (true) {
            if (session.failure() != null) {
                src.position(src.limit());
                return HandlerStatus.BLOCKED;
            }
            switch (session.status()) {
                case NEED_TASK -> {
                    session.runTasks();
                    return HandlerStatus.BLOCKED;
                }
                case NEED_WRAP -> {
                    // The encoder wakes this pipeline when it has answered.
                    session.wakeOutbound();
                    return HandlerStatus.BLOCKED;
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    if (session.peerName().isEmpty()) {
                        // The encoder wrote the handshake's last message and has not yet come to say so.
                        session.onHandshakeFinished();
                        continue;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {}
            }
            if (!src.hasRemaining()) {
                return HandlerStatus.CLEAN;
            }
            SSLEngineResult result = unwrapRecord();
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                session.onHandshakeFinished();
            }
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    return HandlerStatus.CLEAN;
                }
                case CLOSED -> throw new EOFException("the peer closed the TLS session");
                case BUFFER_OVERFLOW ->
                    plain = emptied(session.engine().getSession().getApplicationBufferSize());
                case OK -> {}
            }
            if (!drained()) {
                return HandlerStatus.DIRTY;
            }
        }
    }

    private SSLEngineResult unwrapRecord() throws SSLException {
        plain.clear();
        try {
            return session.engine().unwrap(src, plain);
        } finally {
            plain.flip();
        }
    }

    private static ByteBuffer emptied(int bytes) {
        return ByteBuffer.allocate(bytes).limit(0);
    }

    /// Moves plain text on; whether none is left. The next handler may take as little as three bytes a time.
    private boolean drained() {
        int count = Math.min(plain.remaining(), dst.remaining());
        if (count > 0) {
            if (session.peerName().isEmpty()) {
                throw new IllegalStateException("plain text before the peer was admitted");
            }
            dst.put(dst.position(), plain, plain.position(), count);
            dst.position(dst.position() + count);
            plain.position(plain.position() + count);
        }
        return !plain.hasRemaining();
    }
}
