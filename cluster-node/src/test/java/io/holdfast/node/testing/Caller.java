package io.holdfast.node.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Somebody who calls a port, with an identity or none, and sees how it is received. Speaks TLS, NBD's
/// `STARTTLS` first where a port greets with NBD, and enough HTTP to be told who it is not.
public final class Caller {
    private static final int CONNECT_MILLIS = 10_000;
    /// A server that speaks first does so at once.
    private static final int GREETING_MILLIS = 500;
    /// A refusal may take a busy machine so long; whoever stays connected for it is taken in.
    private static final int REFUSAL_MILLIS = 4_000;

    private static final byte[] NBD_GREETING = "NBDMAGICIHAVEOPT".getBytes(US_ASCII);
    private static final int NBD_FIXED_NEWSTYLE = 1;
    private static final int NBD_OPT_LIST = 3;
    private static final int NBD_OPT_STARTTLS = 5;
    private static final int NBD_REP_ACK = 1;
    private static final int NBD_ERR_TLS_REQD = 0x80000005;
    private static final byte TLS_ALERT = 21;

    private final String name;
    private final Optional<SSLContext> tls;

    /// How a call ended.
    public enum Reception {
        /// In the handshake, or before one.
        CUT,
        /// In the port's own protocol, as somebody unknown.
        TURNED_AWAY,
        /// The handshake was accepted, whatever the port's own protocol then made of silence.
        TAKEN_IN
    }

    private Caller(String name, Optional<SSLContext> tls) {
        this.name = name;
        this.tls = tls;
    }

    /// Somebody who shows an identity.
    public static Caller with(String name, NodeIdentity identity, NodeIdentity server) {
        return new Caller(name, Optional.of(context(new KeyManager[] {new RotatingKeys(identity)}, server)));
    }

    /// Somebody who speaks TLS and shows no certificate.
    public static Caller anonymous(NodeIdentity server) {
        return new Caller("no certificate", Optional.of(context(new KeyManager[0], server)));
    }

    /// Somebody who does not speak TLS.
    public static Caller plain() {
        return new Caller("no TLS", Optional.empty());
    }

    private static SSLContext context(KeyManager[] keys, NodeIdentity server) {
        try {
            SSLContext context = SSLContext.getInstance(ClusterTls.PROTOCOL);
            ClusterTrust trust = new ClusterTrust(server.authorities(), Admission.ALL);
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /// Whether the port greets with NBD.
    public static boolean isNbd(int port) {
        try (Socket socket = connected(port)) {
            return isGreeted(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException("port=" + port, failure);
        }
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        socket.setSoTimeout(REFUSAL_MILLIS);
        return socket;
    }

    /// Calls a port of this machine.
    public Reception call(int port, boolean isNbd) {
        try (Socket socket = connected(port)) {
            if (isNbd) {
                socket.getInputStream().readNBytes(NBD_GREETING.length);
            }
            if (tls.isEmpty()) {
                return isNbd ? listInTheOpen(socket) : askInTheOpen(socket);
            }
            if (isNbd && !isTlsBegun(socket)) {
                return Reception.TURNED_AWAY;
            }
            return shakeHands(tls.get(), socket, port);
        } catch (IOException failure) {
            throw new UncheckedIOException("port=" + port, failure);
        }
    }

    private static boolean isGreeted(Socket socket) throws IOException {
        socket.setSoTimeout(GREETING_MILLIS);
        byte[] greeting = new byte[NBD_GREETING.length];
        try {
            new DataInputStream(socket.getInputStream()).readFully(greeting);
        } catch (SocketTimeoutException _) {
            return false;
        }
        return Arrays.equals(greeting, NBD_GREETING);
    }

    private static boolean isTlsBegun(Socket socket) throws IOException {
        return option(socket, NBD_OPT_STARTTLS) == NBD_REP_ACK;
    }

    private static Reception listInTheOpen(Socket socket) throws IOException {
        return option(socket, NBD_OPT_LIST) == NBD_ERR_TLS_REQD ? Reception.TURNED_AWAY : Reception.TAKEN_IN;
    }

    /// Sends an option without data and returns the first reply's type.
    private static int option(Socket socket, int option) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        in.readUnsignedShort(); // What the server can.
        out.writeInt(NBD_FIXED_NEWSTYLE);
        out.write("IHAVEOPT".getBytes(US_ASCII));
        out.writeInt(option);
        out.writeInt(0);
        out.flush();
        in.readLong(); // The magic of replies.
        in.readInt(); // The option.
        int type = in.readInt();
        in.skipNBytes(in.readInt());
        return type;
    }

    private static Reception askInTheOpen(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(request());
            int first = socket.getInputStream().read();
            return first < 0 || first == TLS_ALERT ? Reception.CUT : Reception.TAKEN_IN;
        } catch (SocketTimeoutException open) {
            throw new IOException("neither answered nor hung up", open);
        } catch (IOException _) {
            return Reception.CUT;
        }
    }

    private static Reception shakeHands(SSLContext tls, Socket socket, int port) throws IOException {
        try (SSLSocket secured = (SSLSocket)
                tls.getSocketFactory().createSocket(socket, "localhost", port, true)) {
            secured.setUseClientMode(true);
            secured.startHandshake();
            // In TLS 1.3 the client is through before the server has looked at its certificate.
            return isKept(secured) ? ask(secured) : Reception.TAKEN_IN;
        } catch (SSLException | SocketException _) {
            return Reception.CUT;
        }
    }

    /// Whether the connection stays open; a certificate that is refused shows here as an alert.
    private static boolean isKept(SSLSocket secured) throws IOException {
        try {
            return secured.getInputStream().read() >= 0;
        } catch (SocketTimeoutException _) {
            return true;
        }
    }

    /// What a port that takes requests says to one; others do not know what it means.
    private static Reception ask(SSLSocket secured) throws IOException {
        byte[] refusal = "HTTP/1.1 401".getBytes(US_ASCII);
        try {
            secured.getOutputStream().write(request());
            byte[] answer = secured.getInputStream().readNBytes(refusal.length);
            return Arrays.equals(answer, refusal) ? Reception.TURNED_AWAY : Reception.TAKEN_IN;
        } catch (SocketTimeoutException | SocketException | SSLException _) {
            return Reception.TAKEN_IN;
        }
    }

    private static byte[] request() {
        return "GET /v1/nodes HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    }
}
