package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.SocketTransport;
import io.holdfast.hostio.nbd.transport.TlsTransport;
import io.holdfast.hostio.nbd.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client from its greeting to its end. [#run] is the life of its reading thread; the other methods may
/// be called by any thread.
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final NbdServer server;
    private final SocketChannel channel;
    private final Optional<NbdTls> tls;
    private final InFlight inFlight;
    private final Watch watch;
    private volatile NbdClient client;
    private volatile Optional<Export> export = Optional.empty();

    Connection(NbdServer server, SocketChannel channel, Optional<NbdTls> tls, NbdClient client) {
        this.server = server;
        this.channel = channel;
        this.tls = tls;
        this.client = client;
        this.inFlight = server.newInFlight();
        this.watch = new Watch(server.limits().times());
    }

    NbdClient client() {
        return client;
    }

    /// The export in use, once there is one.
    Optional<Export> export() {
        return export;
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (IOException end) {
            LOG.debug("connection ended client={} reason={}", client.address(), end.toString());
        } catch (RuntimeException defect) {
            LOG.error("connection failed unexpectedly client={}", client.address(), defect);
        } finally {
            closeNow();
            export.ifPresent(this::release);
            server.forget(this);
        }
    }

    private void serve() throws IOException {
        Transport transport = new SocketTransport(channel);
        Handshake handshake = new Handshake(transport);
        Negotiation negotiation = new Negotiation(
                server.exports(),
                client,
                encryption(),
                server.limits().requestBytesMax(),
                handshake,
                this::claim);
        handshake.greet();
        Negotiation.Next next = handshake.negotiate(negotiation);
        if (next == Negotiation.Next.START_TLS) {
            transport = encrypt(handshake, negotiation);
            next = handshake.negotiate(negotiation);
        }
        if (next == Negotiation.Next.TRANSMIT) {
            transmit(negotiation.session(), transport, handshake);
        }
        part(transport);
    }

    /// The goodbye of TLS may wait for a client that does not read, so it has its deadline, too.
    private void part(Transport transport) throws IOException {
        watch.sending();
        try {
            transport.close();
        } finally {
            watch.sent();
        }
    }

    private Negotiation.Encryption encryption() {
        if (tls.isEmpty()) {
            return Negotiation.Encryption.NONE;
        }
        return tls.get().required() ? Negotiation.Encryption.REQUIRED : Negotiation.Encryption.OFFERED;
    }

    private Transport encrypt(Handshake handshake, Negotiation negotiation) throws IOException {
        SSLEngine engine = tls.orElseThrow().newEngine();
        TlsTransport encrypted;
        try {
            encrypted = TlsTransport.accept(channel, engine, handshake.early());
        } catch (SSLException refused) {
            server.exports().onTurnedAway(remote(), refused);
            throw refused;
        }
        handshake.early().position(handshake.early().limit());
        handshake.continueThrough(encrypted);
        client = new NbdClient(client.connection(), client.address(), certificate(engine));
        negotiation.onEncrypted(client);
        return encrypted;
    }

    private Optional<InetAddress> remote() throws IOException {
        return channel.getRemoteAddress() instanceof InetSocketAddress known
                ? Optional.of(known.getAddress())
                : Optional.empty();
    }

    private static Optional<X509Certificate> certificate(SSLEngine engine) {
        try {
            Certificate first = engine.getSession().getPeerCertificates()[0];
            return first instanceof X509Certificate proven ? Optional.of(proven) : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private void claim(Export chosen, NbdClient by) {
        server.exports().onConnected(chosen, by);
        export = Optional.of(chosen);
        LOG.info("client connected export={} client={}", chosen.name(), by.address());
    }

    private void release(Export used) {
        server.exports().onDisconnected(used, client);
        LOG.info("client gone export={} client={}", used.name(), client.address());
    }

    private void transmit(Session session, Transport transport, Handshake handshake) throws IOException {
        watch.handshakeEnded();
        String threadName = Thread.currentThread().getName() + "-replies";
        ReplySender sender = new ReplySender(transport, inFlight, watch, threadName);
        Transmission transmission = new Transmission(session, transport, sender, inFlight, watch);
        try {
            transmission.run(handshake.early());
        } finally {
            inFlight.awaitEmpty();
            sender.end();
            transmission.release();
        }
    }

    /// One step of time has passed.
    void step() {
        String over = watch.step();
        if (!over.isEmpty()) {
            LOG.warn("connection closed by deadline deadline={} client={}", over, client.address());
            server.counters().connectionsClosedByDeadline.increment();
            closeNow();
        }
    }

    /// Refuses new requests, waits for those in flight, and closes.
    void drain(Duration most) {
        if (export.isPresent()) {
            inFlight.drain(most, this::closeNow);
        } else {
            closeNow();
        }
    }

    void closeNow() {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.debug("close failed client={} reason={}", client.address(), failure.toString());
        }
    }
}
