package io.holdfast.node.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.testing.MemoryHandshake;
import io.holdfast.node.testing.TestCluster;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

class ClusterTlsTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");
    private static final TestCluster OTHER = TestCluster.now("home");

    private final Set<String> evicted = ConcurrentHashMap.newKeySet();
    private final Admission admission =
            certificate ->
                    evicted.contains(certificate.name())
                            ? Optional.of("evicted")
                            : Optional.empty();
    private final RotatingKeys serverKeys = new RotatingKeys(CLUSTER.node("server"));
    private final ClusterTrust serverTrust =
            new ClusterTrust(List.of(CLUSTER.authority().certificate()), admission);

    @Test
    void membersOfOneClusterTalk() {
        assertDoesNotThrow(() -> connect(party(CLUSTER.node("node-a"))));
    }

    @Test
    void aClientWithoutCertificateIsRefused() {
        ClusterTls anonymous =
                ClusterTls.anonymous(
                        new ClusterTrust(
                                List.of(CLUSTER.authority().certificate()), Admission.ALL));
        assertThrows(SSLException.class, () -> connect(anonymous));
    }

    @Test
    void aSelfSignedCertificateIsRefused() {
        CertificateAuthority own =
                CertificateAuthority.create("home", Instant::now, new SecureRandom());
        NodeIdentity self =
                new NodeIdentity(
                        Pem.key(own.keyPem()), own.certificate(), List.of(own.certificate()));
        assertThrows(SSLException.class, () -> connect(party(self)));
    }

    @Test
    void anExpiredCertificateIsRefused() {
        NodeIdentity expired = CLUSTER.at(Instant.now().minus(Duration.ofDays(31))).node("node-a");
        assertThrows(SSLException.class, () -> connect(party(expired)));
    }

    @Test
    void aCertificateOfAnotherClusterIsRefusedThoughItBearsTheSameName() {
        assertThrows(SSLException.class, () -> connect(party(OTHER.node("node-a"))));
    }

    @Test
    void anEvictedNodeIsRefusedThoughItsCertificateIsValid() {
        evicted.add("node-a");
        SSLException refused =
                assertThrows(SSLException.class, () -> connect(party(CLUSTER.node("node-a"))));
        assertTrue(String.valueOf(refused.getMessage()).contains("evicted"));
    }

    @Test
    void aCertificateThatIsShownInVainIsTold() {
        List<String> told = new CopyOnWriteArrayList<>();
        serverTrust.tell((holder, _, reason) -> told.add(holder + ": " + reason));
        assertDoesNotThrow(() -> connect(party(CLUSTER.node("node-b"))));
        assertEquals(List.of(), told);
        assertThrows(SSLException.class, () -> connect(party(OTHER.node("node-a"))));
        evicted.add("node-b");
        assertThrows(SSLException.class, () -> connect(party(CLUSTER.node("node-b"))));
        assertEquals(2, told.size(), told.toString());
        assertTrue(told.getFirst().contains("node-a"), told.toString());
        assertTrue(told.getLast().contains("evicted"), told.toString());
        ClusterTls nodesOnly = ClusterTls.of(serverKeys, serverTrust.nodesOnly());
        assertThrows(
                SSLException.class,
                () ->
                        MemoryHandshake.run(
                                party(CLUSTER.user("alice")).clientEngine("127.0.0.1", 1),
                                nodesOnly.serverEngine()));
        assertTrue(told.getLast().contains("alice"), told.toString());
    }

    @Test
    void aNodeEvictedBetweenTwoConnectionsIsRefusedThoughItResumesItsSession() throws SSLException {
        ClusterTls client = party(CLUSTER.node("node-a"));
        ClusterTls server = ClusterTls.of(serverKeys, serverTrust);
        MemoryHandshake.run(client.clientEngine("127.0.0.1", 1), server.serverEngine());
        evicted.add("node-a");
        SSLEngine engine = server.serverEngine();
        try {
            MemoryHandshake.run(client.clientEngine("127.0.0.1", 1), engine);
            ClusterCertificate shown =
                    ClusterCertificate.of(
                            (java.security.cert.X509Certificate)
                                    engine.getSession().getPeerCertificates()[0]);
            assertEquals(Optional.of("evicted"), serverTrust.admission().refusal(shown));
        } catch (SSLException refusedInHandshake) {
            assertTrue(evicted.contains("node-a"));
        }
    }

    @Test
    void aUserIsRefusedWhereOnlyNodesAreAdmitted() {
        NodeIdentity user = CLUSTER.user("alice");
        assertDoesNotThrow(() -> connect(party(user)));
        ClusterTls nodesOnly = ClusterTls.of(serverKeys, serverTrust.nodesOnly());
        assertThrows(
                SSLException.class,
                () ->
                        MemoryHandshake.run(
                                party(user).clientEngine("127.0.0.1", 1),
                                nodesOnly.serverEngine()));
    }

    @Test
    void onlyTls13IsOffered() {
        ClusterTls tls = party(CLUSTER.node("node-a"));
        String[] only = {"TLSv1.3"};
        assertArrayEquals(only, tls.serverEngine().getEnabledProtocols());
        assertArrayEquals(only, tls.parameters().getProtocols());
        SSLEngine old = tls.clientEngine("127.0.0.1", 1);
        old.setEnabledProtocols(new String[] {"TLSv1.2"});
        assertThrows(
                SSLException.class,
                () ->
                        MemoryHandshake.run(
                                old, ClusterTls.of(serverKeys, serverTrust).serverEngine()));
    }

    @Test
    void aRotatedCertificateIsShownByTheNextHandshakeOfTheSameContext() throws SSLException {
        ClusterTls server = ClusterTls.of(serverKeys, serverTrust);
        String before = serialSeenBy(server);
        serverKeys.replace(CLUSTER.node("server"));
        String after = serialSeenBy(server);
        assertEquals(serverKeys.identity().facts().serialText(), after);
        assertEquals(false, before.equals(after));
    }

    @Test
    void bothAuthoritiesAreTrustedWhileOneReplacesTheOther() {
        serverTrust.replaceAuthorities(
                List.of(CLUSTER.authority().certificate(), OTHER.authority().certificate()));
        NodeIdentity next = OTHER.node("node-a");
        NodeIdentity trustingBoth =
                new NodeIdentity(
                        next.key(),
                        next.certificate(),
                        List.of(
                                OTHER.authority().certificate(),
                                CLUSTER.authority().certificate()));
        assertDoesNotThrow(() -> connect(party(trustingBoth)));
        assertDoesNotThrow(() -> connect(party(CLUSTER.node("node-b"))));
    }

    @Test
    void aJoinerRecognisesItsClusterByTheToken() throws SSLException {
        JoinToken token = JoinToken.create(CLUSTER.authority().certificate(), new SecureRandom());
        PinnedAuthority pinned = new PinnedAuthority(token);
        SSLEngine server = ClusterTls.of(serverKeys, serverTrust).serverEngine();
        server.setNeedClientAuth(false);
        server.setWantClientAuth(true);
        MemoryHandshake.run(ClusterTls.anonymous(pinned).clientEngine("127.0.0.1", 1), server);
        assertEquals(CLUSTER.authority().certificate(), pinned.authority());

        JoinToken foreign = JoinToken.create(OTHER.authority().certificate(), new SecureRandom());
        SSLEngine again = ClusterTls.of(serverKeys, serverTrust).serverEngine();
        again.setNeedClientAuth(false);
        ClusterTls fooled = ClusterTls.anonymous(new PinnedAuthority(foreign));
        assertThrows(
                SSLException.class,
                () -> MemoryHandshake.run(fooled.clientEngine("127.0.0.1", 1), again));
    }

    private String serialSeenBy(ClusterTls server) throws SSLException {
        SSLEngine client = party(CLUSTER.node("node-a")).clientEngine("127.0.0.1", 1);
        MemoryHandshake.run(client, server.serverEngine());
        return ClusterCertificate.of(
                        (java.security.cert.X509Certificate)
                                client.getSession().getPeerCertificates()[0])
                .serialText();
    }

    private void connect(ClusterTls client) throws SSLException {
        MemoryHandshake.run(
                client.clientEngine("127.0.0.1", 1),
                ClusterTls.of(serverKeys, serverTrust).serverEngine());
    }

    private static ClusterTls party(NodeIdentity identity) {
        return ClusterTls.of(
                new RotatingKeys(identity),
                new ClusterTrust(
                        List.of(CLUSTER.authority().certificate(), OTHER.authority().certificate()),
                        Admission.ALL));
    }
}
