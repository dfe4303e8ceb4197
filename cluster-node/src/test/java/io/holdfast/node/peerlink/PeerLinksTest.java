package io.holdfast.node.peerlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.FakePeer;
import io.holdfast.node.testing.TestCluster;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(30)
class PeerLinksTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");
    private static final PeerId LEADER = new PeerId("node-b");
    private static final PeerLimits SMALL =
            new PeerLimits(
                    256,
                    64 * 1024,
                    4,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3));

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> evicted = ConcurrentHashMap.newKeySet();
    private final Admission admission =
            certificate ->
                    evicted.contains(certificate.name())
                            ? Optional.of("evicted")
                            : Optional.empty();
    private final FakePeer leader = new FakePeer();
    private PeerServer server = listen(0, PeerLimits.standard());
    private PeerLinks links = links(CLUSTER.node("node-a"), PeerLimits.standard());

    @AfterEach
    void close() throws Exception {
        links.close();
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void aProposalIsCommittedAtTheOtherNodeAndItsReplyComesBack() throws Exception {
        Committed committed = links.propose(LEADER, proposal("freeze")).get();
        assertEquals(1, committed.index().value());
        assertEquals("freeze", text(committed.reply()));
        assertEquals(List.of("node-a"), List.of(seenName()));
    }

    @Test
    void failuresKeepTheirMeaning() {
        leader.proposing(
                (_, _) ->
                        CompletableFuture.failedFuture(
                                new NotLeaderException(Optional.of(new PeerId("node-c")))));
        NotLeaderException moved =
                failure(NotLeaderException.class, links.propose(LEADER, proposal("x")));
        assertEquals(Optional.of(new PeerId("node-c")), moved.hint());
        SessionId session = new SessionId(1, 2);
        leader.proposing(
                (_, p) -> CompletableFuture.failedFuture(new SessionExpiredException(p.session())));
        assertTrue(
                failure(
                                SessionExpiredException.class,
                                links.propose(LEADER, new Proposal(session, 1, 0, new byte[] {1})))
                        .getMessage()
                        .contains(session.toString()));
        leader.proposing(
                (_, _) -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
        failure(OutcomeUnknownException.class, links.propose(LEADER, proposal("x")));
    }

    @Test
    void aCallIsAnsweredOrRefused() throws Exception {
        byte[] result =
                links.call(LEADER, PeerCall.STATUS, bytes("how"), Duration.ofSeconds(5)).get();
        assertArrayEquals(bytes("how"), result);
        leader.answering(
                (call, _) -> {
                    throw new PeerRefusedException("no: " + call);
                });
        assertEquals(
                "no: RENEW",
                failure(
                                PeerRefusedException.class,
                                links.call(
                                        LEADER,
                                        PeerCall.RENEW,
                                        bytes("csr"),
                                        Duration.ofSeconds(5)))
                        .getMessage());
    }

    @Test
    void theRoundTripIsMeasured() throws Exception {
        links.propose(LEADER, proposal("x")).get();
        Await.until("a pong", () -> links.roundTripNanos(LEADER).isPresent());
        assertTrue(links.roundTripNanos(LEADER).getAsLong() < Duration.ofSeconds(5).toNanos());
        assertEquals(PeerLinkStatus.State.UP, links.status().getFirst().state());
    }

    @Test
    void whatWasNotSentDidNotHappenAndWhatWasSentMayHave() throws Exception {
        CompletableFuture<Committed> never = new CompletableFuture<>();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        leader.proposing(
                (_, _) -> {
                    arrived.complete(null);
                    return never;
                });
        CompletableFuture<Committed> sent = links.propose(LEADER, proposal("x"));
        arrived.get();
        server.close();
        failure(OutcomeUnknownException.class, sent);
        failure(UnavailableException.class, links.propose(LEADER, proposal("y")));
        failure(UnavailableException.class, links.propose(new PeerId("unknown"), proposal("y")));
    }

    @Test
    void theLinkComesBackWhenTheNodeDoes() throws Exception {
        links.propose(LEADER, proposal("x")).get();
        int port = server.port();
        server.close();
        Await.until(
                "the link is down",
                () -> links.status().getFirst().state() != PeerLinkStatus.State.UP);
        failure(UnavailableException.class, links.propose(LEADER, proposal("y")));
        server = listen(port, PeerLimits.standard());
        Await.until(
                "reconnected",
                () ->
                        links.propose(LEADER, proposal("z"))
                                .handle((_, failure) -> failure == null)
                                .join());
    }

    @Test
    void aProposalWithoutAnswerEndsByItsDeadline() {
        leader.proposing((_, _) -> new CompletableFuture<>());
        links.close();
        links = links(CLUSTER.node("node-a"), SMALL);
        failure(OutcomeUnknownException.class, links.propose(LEADER, proposal("x")));
    }

    @Test
    void aFullLinkRefusesInsteadOfGrowing() throws Exception {
        Semaphore arrivals = new Semaphore(0);
        leader.proposing(
                (_, _) -> {
                    arrivals.release();
                    return new CompletableFuture<>();
                });
        links.close();
        links = links(CLUSTER.node("node-a"), SMALL);
        for (int i = 0; i < SMALL.outstandingCountMax(); i++) {
            var _ = links.propose(LEADER, proposal("x"));
        }
        assertTrue(
                failure(UnavailableException.class, links.propose(LEADER, proposal("x")))
                        .getMessage()
                        .contains("too much waits"));
        assertTrue(arrivals.tryAcquire(SMALL.outstandingCountMax(), 5, TimeUnit.SECONDS));
    }

    @Test
    void aFullServerStopsReadingAndGoesOnLater() throws Exception {
        server.close();
        server = listen(0, SMALL);
        List<Runnable> held = new java.util.concurrent.CopyOnWriteArrayList<>();
        leader.proposing(
                (_, p) -> {
                    CompletableFuture<Committed> outcome = new CompletableFuture<>();
                    held.add(() -> outcome.complete(leader.commit(p)));
                    return outcome;
                });
        List<CompletableFuture<Committed>> outcomes = new java.util.ArrayList<>();
        byte[] large = new byte[8 * 1024];
        for (int i = 0; i < 1_000; i++) {
            outcomes.add(links.propose(LEADER, Proposal.sessionless(large)));
        }
        Await.until(
                "the server holds its fill",
                () -> (long) held.size() * large.length >= SMALL.outstandingBytesMax());
        assertTrue(held.size() < 1_000, "held=" + held.size());
        leader.proposing((_, p) -> CompletableFuture.completedFuture(leader.commit(p)));
        held.forEach(Runnable::run);
        int first = held.size();
        Await.until(
                "the rest arrives",
                () -> {
                    held.subList(first, held.size()).forEach(Runnable::run);
                    return outcomes.stream().allMatch(CompletableFuture::isDone);
                });
        assertTrue(outcomes.stream().noneMatch(CompletableFuture::isCompletedExceptionally));
    }

    @Test
    void anEvictedNodeIsCutWithinSecondsAndNotLetInAgain() throws Exception {
        links.propose(LEADER, proposal("x")).get();
        assertEquals(1, server.connectionCount());
        evicted.add("node-a");
        Await.until("the connection is cut", () -> server.connectionCount() == 0);
        assertThrows(ExecutionException.class, () -> links.propose(LEADER, proposal("y")).get());
        assertEquals(1, leader.committedCount());
    }

    @Test
    void anEvictedLeaderIsLeftByItsFollowers() throws Exception {
        links.propose(LEADER, proposal("x")).get();
        evicted.add("node-b");
        Await.until(
                "the link is down",
                () -> links.status().getFirst().state() != PeerLinkStatus.State.UP);
        assertThrows(ExecutionException.class, () -> links.propose(LEADER, proposal("y")).get());
    }

    @Test
    void anotherNodeAtTheAddressIsNotTakenForTheLeader() {
        PeerLinks misled =
                new PeerLinks(
                        vertx,
                        tls(CLUSTER.node("node-a")),
                        PeerLimits.standard(),
                        _ -> Optional.of(new PeerAddress("127.0.0.1", server.port())));
        assertTrue(
                failure(
                                UnavailableException.class,
                                misled.propose(new PeerId("node-c"), proposal("x")))
                        .getMessage()
                        .contains("another node"));
        misled.close();
    }

    @Test
    void manyProposalsShareFrames() throws Exception {
        int count = 60_000;
        AtomicLong failures = new AtomicLong();
        Semaphore window = new Semaphore(1_024);
        byte[] command = new byte[100];
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < count / 3; i++) {
                window.acquire();
                var _ =
                        links.propose(LEADER, Proposal.sessionless(command))
                                .whenComplete(
                                        (_, failure) -> {
                                            if (failure != null) {
                                                failures.incrementAndGet();
                                            }
                                            window.release();
                                        });
            }
            window.acquire(1_024);
            window.release(1_024);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertEquals(0, failures.get());
        assertEquals(count, leader.committedCount());
        long perSecond = count / 3 * 1_000_000_000L / best;
        assertTrue(perSecond >= 20_000, "proposals per second: " + perSecond);
    }

    private String seenName() throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        leader.proposing(
                (from, p) -> {
                    name.complete(from.value());
                    return CompletableFuture.completedFuture(leader.commit(p));
                });
        links.propose(LEADER, proposal("x")).get();
        return name.get();
    }

    private PeerServer listen(int port, PeerLimits limits) {
        return PeerServer.listen(
                vertx, "127.0.0.1", port, tls(CLUSTER.node("node-b")), limits, leader);
    }

    private PeerLinks links(NodeIdentity self, PeerLimits limits) {
        return new PeerLinks(
                vertx,
                tls(self),
                limits,
                peer ->
                        peer.equals(LEADER)
                                ? Optional.of(new PeerAddress("127.0.0.1", server.port()))
                                : Optional.empty());
    }

    private PeerTls tls(NodeIdentity self) {
        return new PeerTls(
                new RotatingKeys(self),
                new ClusterTrust(List.of(CLUSTER.authority().certificate()), admission));
    }

    private static <T extends Throwable> T failure(Class<T> kind, CompletableFuture<?> future) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
        return assertInstanceOf(kind, failed.getCause());
    }

    private static Proposal proposal(String command) {
        return Proposal.sessionless(bytes(command));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes)).toString();
    }
}
