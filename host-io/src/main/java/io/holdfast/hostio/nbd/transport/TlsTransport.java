package io.holdfast.hostio.nbd.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// Bytes through TLS over a socket. Reading is confined to one thread; writing is guarded by a lock, since
/// the reading thread, too, writes when the peer asks for new keys.
public final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer encryptedIn;
    private final ByteBuffer plainIn;
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer encryptedOut; // guarded by writing

    private TlsTransport(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        int recordBytes = engine.getSession().getPacketBufferSize();
        this.encryptedIn = ByteBuffer.allocateDirect(recordBytes).flip();
        this.plainIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
        this.encryptedOut = ByteBuffer.allocateDirect(recordBytes);
    }

    /// Does the handshake on a socket that has just agreed to it; `early` are bytes read beyond that point.
    public static TlsTransport accept(SocketChannel channel, SSLEngine engine, ByteBuffer early)
            throws IOException {
        TlsTransport transport = new TlsTransport(channel, engine);
        if (early.remaining() > transport.encryptedIn.capacity()) {
            throw new SSLException("more bytes than one record before the handshake");
        }
        transport.encryptedIn.clear().put(early).flip();
        engine.beginHandshake();
        try {
            transport.handshake();
        } catch (SSLException refused) {
            transport.tellWhy(refused);
            throw refused;
        }
        return transport;
    }

    /// Sends the alert that the engine has ready after a failure, so that the other side knows what it was.
    private void tellWhy(SSLException refused) {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrapAll(NOTHING);
            }
        } catch (IOException gone) {
            refused.addSuppressed(gone);
        }
    }

    private void handshake() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrapAll(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (plainIn.hasRemaining() || unwrap(plainIn.clear()) < 0) {
                        throw new EOFException("the client left during the TLS handshake");
                    }
                }
                case NEED_TASK -> runTasks();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        while (true) {
            if (plainIn.hasRemaining()) {
                int count = Math.min(plainIn.remaining(), destination.remaining());
                destination.put(destination.position(), plainIn, plainIn.position(), count);
                destination.position(destination.position() + count);
                plainIn.position(plainIn.position() + count);
                return count;
            }
            boolean direct = destination.remaining() >= plainIn.capacity();
            int produced = direct ? unwrapInto(destination) : unwrap(plainIn.clear());
            if (produced < 0 || (direct && produced > 0)) {
                return produced;
            }
            afterRecord();
        }
    }

    private int unwrapInto(ByteBuffer destination) throws IOException {
        int before = destination.position();
        while (true) {
            SSLEngineResult result = engine.unwrap(encryptedIn, destination);
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
                return destination.position() - before;
            }
            if (!fill()) {
                return -1;
            }
        }
    }

    /// One record into `plainIn`, which is left readable.
    private int unwrap(ByteBuffer cleared) throws IOException {
        int produced = unwrapInto(cleared);
        cleared.flip();
        return produced;
    }

    private boolean fill() throws IOException {
        encryptedIn.compact();
        try {
            return channel.read(encryptedIn) >= 0;
        } finally {
            encryptedIn.flip();
        }
    }

    /// After the handshake a record may bring work instead of bytes: tickets, new keys.
    private void afterRecord() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (status == HandshakeStatus.NEED_WRAP) {
            wrapAll(NOTHING);
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        wrapAll(source);
    }

    private void wrapAll(ByteBuffer source) throws IOException {
        writing.lock();
        try {
            do {
                encryptedOut.clear();
                SSLEngineResult result = engine.wrap(source, encryptedOut);
                encryptedOut.flip();
                while (encryptedOut.hasRemaining()) {
                    channel.write(encryptedOut);
                }
                if (result.getStatus() == Status.CLOSED && source.hasRemaining()) {
                    throw new EOFException("TLS is closed");
                }
            } while (source.hasRemaining());
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            // A writer that waits for a client that does not read keeps the lock: no goodbye for that client.
            if (writing.tryLock()) {
                try {
                    engine.closeOutbound();
                    wrapAll(NOTHING);
                } finally {
                    writing.unlock();
                }
            }
        } finally {
            channel.close();
        }
    }
}
