package io.holdfast.gridstate.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import io.holdfast.gridstate.hazelcast.security.GridTls;
import io.holdfast.gridstate.hazelcast.served.ServedGrid;
import io.holdfast.gridstate.testing.Await;
import io.holdfast.gridstate.testing.FreePorts;
import io.holdfast.gridstate.testing.SwappableKeys;
import io.holdfast.gridstate.testing.TestAuthority;
import io.holdfast.gridstate.testing.TextCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
final class GridAdmissionTest {
    private static final String MEMBER_PROTOCOL = "HZC";

    private final TestAuthority authority = new TestAuthority("test cluster");
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();
    private final List<Grid> open = new ArrayList<>();
    private final List<Integer> ports = FreePorts.find(3);

    @AfterEach
    void closeAll() {
        open.forEach(Grid::close);
    }

    @Test
    void admittedNodesFormOneGrid() {
        admitted.addAll(List.of("n1", "n2"));
        Grid first = start("n1", 0, authority.node("n1"));
        Grid second = start("n2", 1, authority.node("n2"));
        Await.until("two members", () -> first.members().size() == 2 && second.members().size() == 2);
        assertEquals(List.of("n1", "n2"), first.members().stream().map(GridMember::node).toList());
        assertEquals(0, first.status().refusals());
    }

    @Test
    void aMemberThatCannotServeLeavesItsPortToTheNextAttempt() {
        admitted.add("n1");
        Grid first = start("n1", 0, authority.node("n1"));
        ReplicatedLog broken = (ReplicatedLog) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ReplicatedLog.class}, (_, method, _) -> {
                    throw new IllegalStateException("broken: " + method.getName());
                });
        assertThrows(
                GridUnavailableException.class, () -> ServedGrid.start(first, broken, System::nanoTime));
        assertFalse(first.isOpen());
        assertEquals(1, start("n1", 0, authority.node("n1")).members().size());
    }

    @Test
    void strangersAreRefusedBeforeAByteOfTheProtocol() throws Exception {
        admitted.addAll(List.of("n1", "n2"));
        Grid first = start("n1", 0, authority.node("n1"));

        assertEquals(-1, answerInPlaintext(MEMBER_PROTOCOL));
        assertEquals(-1, answerInPlaintext("GET / HTTP/1.1\r\n\r\n"));
        assertRefused(null);
        assertRefused(TestAuthority.selfSigned("n2"));
        assertRefused(new TestAuthority("test cluster").node("n2"));
        assertRefused(authority.expired("n2"));
        assertRefused(authority.node("n3"));
        assertTrue(first.status().refusals() >= 7, () -> "refusals=" + first.status().refusals());
        assertEquals(1, first.members().size());
        // The same knock with a good certificate is answered, so it was the certificate each time.
        assertEquals('H', answerOverTls(authority.node("n2")));
    }

    @Test
    void onlyTls13IsSpoken() throws Exception {
        admitted.add("n1");
        start("n1", 0, authority.node("n1"));
        try (SSLSocket socket = tlsSocket(authority.node("n1"))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThrows(IOException.class, socket::startHandshake);
        }
    }

    @Test
    void aNodeAdmittedAtRunTimeJoins() {
        admitted.add("n1");
        Grid first = start("n1", 0, authority.node("n1"));
        CompletableFuture<Grid> second = CompletableFuture.supplyAsync(
                () -> start(settings("n2", 1), authority.node("n2"), Set.of("n1", "n2")));
        Await.until("it knocks", () -> first.status().refusals() > 0);
        assertEquals(1, first.members().size());

        admitted.add("n2");
        open(second.join());
        Await.until("two members", () -> first.members().size() == 2);
    }

    @Test
    void anEvictedMemberIsOutWithinSeconds() {
        admitted.addAll(List.of("n1", "n2", "n3"));
        Grid first = start("n1", 0, authority.node("n1"));
        Grid second = start("n2", 1, authority.node("n2"));
        // The evicted node believes itself admitted: the others must get rid of it all the same.
        Grid third = open(start(settings("n3", 2), authority.node("n3"), Set.of("n1", "n2", "n3")));
        Await.until("three members", () -> first.members().size() == 3 && second.members().size() == 3);

        admitted.remove("n3");
        long start = System.nanoTime();
        Await.until("it is out", () -> first.members().size() == 2 && second.members().size() == 2);
        long tookMillis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(tookMillis < 3_000, "tookMillis=" + tookMillis);
        Await.until("it stands alone", () -> third.members().size() == 1);
        assertRefused(authority.node("n3"));
    }

    @Test
    void theOldestMemberCanBeEvictedToo() {
        admitted.addAll(List.of("n1", "n2", "n3"));
        open(start(settings("n1", 0), authority.node("n1"), Set.of("n1", "n2", "n3")));
        Grid second = start("n2", 1, authority.node("n2"));
        Grid third = start("n3", 2, authority.node("n3"));
        Await.until("three members", () -> third.members().size() == 3 && second.members().size() == 3);

        admitted.remove("n1");
        second.enforceAdmission();
        third.enforceAdmission();
        Await.until("it is out", () -> third.members().size() == 2 && second.members().size() == 2);
        assertEquals(List.of("n2", "n3"), second.members().stream().map(GridMember::node).toList());
    }

    @Test
    void aNodeThatFindsItselfEvictedStops() {
        admitted.addAll(List.of("n1", "n2"));
        Grid first = start("n1", 0, authority.node("n1"));
        Grid second = start("n2", 1, authority.node("n2"));
        Await.until("two members", () -> first.members().size() == 2);

        admitted.remove("n2");
        Await.until("it stopped", () -> second.status().standing() == GridStatus.Standing.EVICTED);
        Await.until("the other is alone", () -> first.members().size() == 1);
        assertEquals(List.of(), second.members());
    }

    @Test
    void aRotatedKeyIsUsedFromTheNextConnectionOn() throws Exception {
        admitted.addAll(List.of("n1", "n2"));
        SwappableKeys keys = new SwappableKeys(authority.node("n1"));
        Grid first = start("n1", 0, keys);
        Grid second = start("n2", 1, authority.node("n2"));
        Await.until("two members", () -> first.members().size() == 2);
        X509Certificate before = serverCertificate();

        keys.swap(authority.node("n1"));
        assertNotEquals(before.getSerialNumber(), serverCertificate().getSerialNumber());
        assertEquals(2, second.members().size());
        Grid third = startThird();
        Await.until("three members", () -> first.members().size() == 3 && third.members().size() == 3);
    }

    @Test
    void aSilentStrangerIsCutAtTheHandshakeDeadline() throws Exception {
        admitted.add("n1");
        start("n1", 0, authority.node("n1"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.getFirst())) {
            socket.setSoTimeout(20_000);
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void strangersCannotUseUpTheMember() throws Exception {
        admitted.addAll(List.of("n1", "n2"));
        Grid first = start("n1", 0, authority.node("n1"));
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket();
                crowd.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getFirst()));
            }
            Await.until("the crowd is bounded", () -> first.status().refusals() >= 100);
            Await.until("what is beyond the bound is closed", () -> first.status().connections() <= 64);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
        Grid second = start("n2", 1, authority.node("n2"));
        Await.until("a member still gets in", () -> second.members().size() == 2);
    }

    private Grid startThird() {
        admitted.add("n3");
        return start("n3", 2, authority.node("n3"));
    }

    private Grid start(String node, int portIndex, X509ExtendedKeyManager keys) {
        return open(start(settings(node, portIndex), keys, admitted));
    }

    private Grid start(GridSettings settings, X509ExtendedKeyManager keys, Set<String> admittedNames) {
        GridTls tls = new GridTls(keys, authority.trust());
        return Grid.open(settings, tls, admittedNames::contains, new GridSchema(List.of(), new TextCodec()));
    }

    private Grid open(Grid grid) {
        open.add(grid);
        return grid;
    }

    private GridSettings settings(String node, int portIndex) {
        List<String> all = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        int port = ports.get(portIndex);
        return new GridSettings("test", node, "127.0.0.1", port, all, 11, 1_000, 4_000, 1_000);
    }

    private int answerInPlaintext(String greeting) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.getFirst())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
            int first = readOrReset(socket);
            // A TLS alert may come first (type 21); what must never come is an answer in the protocol.
            if (first == 21) {
                return -1;
            }
            return first;
        }
    }

    /// A close while our bytes are still unread arrives as a reset: as good as an end.
    private static int readOrReset(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1;
        }
    }

    private void assertRefused(@Nullable X509ExtendedKeyManager keys) {
        try {
            int answer = answerOverTls(keys);
            assertEquals(-1, answer);
        } catch (IOException e) {
            // Refused with an alert or a reset: what it should be.
            assertTrue(e.getMessage() != null, "a reason");
        }
    }

    private int answerOverTls(@Nullable X509ExtendedKeyManager keys) throws IOException {
        try (SSLSocket socket = tlsSocket(keys)) {
            OutputStream out = socket.getOutputStream();
            out.write(MEMBER_PROTOCOL.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return in.read();
        }
    }

    private X509Certificate serverCertificate() throws IOException {
        try (SSLSocket socket = tlsSocket(authority.node("n2"))) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private SSLSocket tlsSocket(@Nullable X509ExtendedKeyManager keys) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] own = keys == null ? new KeyManager[0] : new KeyManager[] {keys};
            context.init(own, new TrustManager[] {authority.trust()}, null);
            InetAddress loopback = InetAddress.getLoopbackAddress();
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(loopback, ports.getFirst());
            socket.setSoTimeout(10_000);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
