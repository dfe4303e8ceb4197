package io.holdfast.node.peerlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.peerlink.wire.FrameType;
import io.holdfast.node.peerlink.wire.FrameWriter;
import io.holdfast.node.peerlink.wire.Hello;
import io.holdfast.node.testing.FakePeer;
import io.holdfast.node.testing.TestCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class PeerServerTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121L);

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> evicted = ConcurrentHashMap.newKeySet();
    private final ClusterTrust trust =
            new ClusterTrust(
                    List.of(CLUSTER.authority().certificate()),
                    certificate ->
                            evicted.contains(certificate.name())
                                    ? Optional.of("evicted")
                                    : Optional.empty());
    private final PeerServer server =
            PeerServer.listen(
                    vertx,
                    "127.0.0.1",
                    0,
                    new PeerTls(new RotatingKeys(CLUSTER.node("node-b")), trust),
                    PeerLimits.standard(),
                    new FakePeer());

    @AfterEach
    void close() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void everyBadCertificateIsRefusedInARealHandshake() throws Exception {
        CertificateAuthority own =
                CertificateAuthority.create("home", Instant::now, new SecureRandom());
        NodeIdentity selfSigned =
                new NodeIdentity(
                        Pem.key(own.keyPem()), own.certificate(), List.of(own.certificate()));
        evicted.add("node-x");
        assertRefused("no certificate", anonymous());
        assertRefused("plain text", new NetClientOptions());
        assertRefused("self-signed", client(selfSigned));
        assertRefused(
                "expired",
                client(CLUSTER.at(Instant.now().minus(Duration.ofDays(31))).node("node-a")));
        assertRefused("other cluster's", client(TestCluster.now("home").node("node-a")));
        assertRefused("evicted", client(CLUSTER.node("node-x")));
        assertRefused("a user's", client(CLUSTER.user("alice")));
        assertTrue(server.refusedCount() > 0);
        assertEquals("HELLO", greet(client(CLUSTER.node("node-a"))));
    }

    @Test
    void aNodeThatGreetsUnderAnothersNameIsCut() {
        FrameWriter writer = new FrameWriter();
        Hello.ofThisBuild("node-c").write(writer);
        assertEquals("GOODBYE", firstAnswer(client(CLUSTER.node("node-a")), writer.take()));
    }

    @Test
    void aNodeWithoutACommonVersionIsToldSo() {
        FrameWriter writer = new FrameWriter();
        new Hello(7, 9, "node-a").write(writer);
        assertEquals("GOODBYE", firstAnswer(client(CLUSTER.node("node-a")), writer.take()));
    }

    /// Each connection is ended by its first broken frame, so mutations go out over many
    /// connections; the decoder alone meets a million frames in `FrameFuzzTest`.
    @Test
    void theServerSurvivesWhatBrokenPeersSend() throws Exception {
        Random random = new Random(SEED);
        NetClient client = vertx.createNetClient(client(CLUSTER.node("node-a")));
        for (int round = 0; round < 200; round++) {
            NetSocket socket = await(client.connect(server.port(), "127.0.0.1"));
            CompletableFuture<Void> closed = new CompletableFuture<>();
            socket.closeHandler(_ -> closed.complete(null)).handler(_ -> {});
            FrameWriter writer = new FrameWriter();
            Hello.ofThisBuild("node-a").write(writer);
            byte[] greeting = writer.take();
            byte[] junk = new byte[1 + random.nextInt(512)];
            random.nextBytes(junk);
            if (random.nextBoolean()) {
                // A plausible header, so that the junk reaches the payload parsers.
                writer.begin(FrameType.PROPOSE, 0).putShort(3).putRest(junk).end();
                junk = writer.take();
            }
            socket.write(Buffer.buffer(greeting).appendBytes(junk));
            socket.end();
            closed.get(10, TimeUnit.SECONDS);
        }
        client.close();
        try (PeerLinks links =
                new PeerLinks(
                        vertx,
                        new PeerTls(new RotatingKeys(CLUSTER.node("node-a")), trust),
                        PeerLimits.standard(),
                        _ -> Optional.of(new PeerAddress("127.0.0.1", server.port())))) {
            byte[] command = {1, 2, 3};
            assertArrayEquals(
                    command,
                    links.propose(new PeerId("node-b"), Proposal.sessionless(command))
                            .get(10, TimeUnit.SECONDS)
                            .reply());
        }
    }

    private void assertRefused(String what, NetClientOptions options) {
        FrameWriter writer = new FrameWriter();
        Hello.ofThisBuild("node-a").write(writer);
        assertEquals("closed", firstAnswer(options, writer.take()), what);
    }

    private String greet(NetClientOptions options) {
        FrameWriter writer = new FrameWriter();
        Hello.ofThisBuild("node-a").write(writer);
        return firstAnswer(options, writer.take());
    }

    /// The type of the first frame that comes back, or that the connection was refused or closed
    /// instead.
    private String firstAnswer(NetClientOptions options, byte[] request) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        NetClient client = vertx.createNetClient(options);
        client.connect(server.port(), "127.0.0.1")
                .onComplete(
                        result -> {
                            if (result.failed()) {
                                answer.complete("closed");
                                return;
                            }
                            NetSocket socket = result.result();
                            io.holdfast.node.peerlink.wire.FrameDecoder decoder =
                                    new io.holdfast.node.peerlink.wire.FrameDecoder(
                                            (_, type, _, _) -> answer.complete(type.name()));
                            socket.handler(bytes -> decoder.feed(bytes.getBytes()))
                                    .exceptionHandler(_ -> answer.complete("closed"))
                                    .closeHandler(_ -> answer.complete("closed"));
                            // A refusal may be there before the handlers are, which then hear nothing.
                            socket.write(Buffer.buffer(request)).onFailure(_ -> answer.complete("closed"));
                        });
        String first = answer.orTimeout(10, TimeUnit.SECONDS).join();
        client.close();
        return first;
    }

    private static NetClientOptions anonymous() {
        NetClientOptions options = new NetClientOptions();
        options.setSsl(true)
                .setTrustOptions(
                        TrustOptions.wrap(
                                new ClusterTrust(
                                        List.of(CLUSTER.authority().certificate()), Admission.ALL)))
                .setEnabledSecureTransportProtocols(Set.of(ClusterTls.PROTOCOL));
        options.setHostnameVerificationAlgorithm("");
        return options;
    }

    private static NetClientOptions client(NodeIdentity identity) {
        NetClientOptions options = anonymous();
        options.setKeyCertOptions(
                io.vertx.core.net.KeyCertOptions.wrap(new RotatingKeys(identity)));
        return options;
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aFreePortIsTakenForPortZero() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        PeerServer.listen(
                                vertx,
                                "127.0.0.1",
                                server.port(),
                                new PeerTls(new RotatingKeys(CLUSTER.node("node-b")), trust),
                                PeerLimits.standard(),
                                new FakePeer()));
        assertTrue(server.port() > 0);
    }
}
