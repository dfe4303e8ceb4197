package io.holdfast.node.fragment;

import static io.holdfast.node.testing.Strips.PROFILE;
import static io.holdfast.node.testing.Strips.strip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.FragmentStores;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.chunkstore.StoreOptions;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripNotFoundException;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.LocalFragmentHolder;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.SimulatedDisk;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the local holder promises, seen over a real connection, and what the network adds to it.
@Timeout(60)
final class FragmentLinksTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");
    private static final FragmentId ID = FragmentId.of(new ChunkId(7, 1), 0);
    private static final HolderId REMOTE = new HolderId(2, 0);
    private static final FragmentLimits BRISK = new FragmentLimits(64, 8 << 20, 8 << 20, 8,
            new FragmentLimits.Times(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(700),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(10),
                    Duration.ofMillis(50)));

    private final SimulatedDisk disk = new SimulatedDisk("d0", 64L << 20);
    private final FragmentStore store = FragmentStores.open(
            List.of(disk),
            new StoreOptions(new StoreGeometry(256 << 10, 8, 16), 4, 1 << 20, new SplittableRandom(5)));
    private final List<AutoCloseable> open = new ArrayList<>();
    private Admission admission = Admission.ALL;
    private FragmentServer server = serve(0);
    private final FragmentLinks links = links(CLUSTER.node("node-1"), "node-2");

    @AfterEach
    void closeAll() throws Exception {
        links.close();
        server.close();
        for (AutoCloseable each : open) {
            each.close();
        }
        store.close();
    }

    /// The connection of another test may have the port for a moment.
    private FragmentServer serveAgain(int port) {
        AtomicReference<@Nullable FragmentServer> again = new AtomicReference<>();
        Await.until("the port is free", () -> {
            try {
                again.set(serve(port));
            } catch (UncheckedIOException taken) {
                assertInstanceOf(BindException.class, taken.getCause());
            }
            return again.get() != null;
        });
        return Objects.requireNonNull(again.get());
    }

    private FragmentServer serve(int port) {
        IntFunction<Optional<FragmentHolder>> disks =
                number -> number == 0 ? Optional.of(new LocalFragmentHolder(store)) : Optional.empty();
        try {
            return FragmentServer.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    tls(CLUSTER.node("node-2"), certificate -> admission.refusal(certificate)),
                    BRISK,
                    disks);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private FragmentLinks links(NodeIdentity self, String peerName) {
        return new FragmentLinks(
                tls(self, Admission.ALL),
                BRISK,
                new FragmentLinks.LocalDisks(() -> OptionalInt.of(1), _ -> Optional.empty()),
                host -> host == 2
                        ? Optional.of(new FragmentPeer(peerName, new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), server.port())))
                        : Optional.empty());
    }

    private static FragmentServer.Tls tls(NodeIdentity identity, Admission admission) {
        return new FragmentServer.Tls(
                new RotatingKeys(identity),
                new ClusterTrust(List.of(CLUSTER.authority().certificate()), admission));
    }

    private FragmentHolder remote() {
        return links.holder(REMOTE);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void aFragmentLivesItsWholeLifeOverTheLink() {
        FragmentHolder holder = remote();
        holder.installToken(7, 3).join();
        holder.create(ID, PROFILE, 3).join();
        Strip wide = strip(ID, 0, 3, 16, 1);
        Strip narrow = strip(ID, 1, 3, 1, 2);
        holder.append(ID, 3, List.of(wide, narrow)).join();
        holder.append(ID, 3, List.of(wide)).join();
        List<StripAnswer> answers = holder.read(List.of(
                        StripRange.whole(ID, 0), new StripRange(ID, 0, 5, 2), new StripRange(ID, 9, 0, 1)))
                .join();
        assertEquals(new StripAnswer.Found(wide.header(), wide.payload()), answers.get(0));
        StripAnswer.Found part = assertInstanceOf(StripAnswer.Found.class, answers.get(1));
        assertEquals(wide.payload().slice(5 * StripHeader.BLOCK_BYTES, 2 * StripHeader.BLOCK_BYTES),
                part.bytes());
        assertInstanceOf(
                StripNotFoundException.class,
                assertInstanceOf(StripAnswer.Failed.class, answers.get(2)).reason());
        HeaderPage page = holder.headers(ID, 0, 1).join();
        assertEquals(List.of(wide.header()), page.headers());
        assertEquals(1, page.nextRow());
        assertTrue(holder.headers(ID, 1, 10).join().isLast());
        holder.seal(ID, 3, 2).join();
        assertEquals(FragmentState.SEALED, holder.status(ID).join().orElseThrow().state());
        assertEquals(ID, holder.fragments(Optional.empty(), 10).join().getFirst().id());
        holder.delete(ID, 3).join();
        assertTrue(holder.status(ID).join().isEmpty());
        assertTrue(holder.fragments(Optional.empty(), 10).join().isEmpty());
    }

    @Test
    void refusalsCrossTheLinkAsTheirKind() {
        FragmentHolder holder = remote();
        Strip strip = strip(ID, 0, 3, 1, 1);
        assertInstanceOf(FragmentNotFoundException.class, failure(holder.append(ID, 3, List.of(strip))));
        holder.create(ID, PROFILE, 3).join();
        holder.append(ID, 3, List.of(strip)).join();
        assertInstanceOf(
                ConflictException.class, failure(holder.append(ID, 3, List.of(strip(ID, 0, 3, 1, 9)))));
        holder.installToken(7, 8).join();
        Throwable fenced = failure(holder.append(ID, 3, List.of(strip(ID, 1, 3, 1, 1))));
        assertEquals(8, assertInstanceOf(FencedException.class, fenced).newestToken());
        assertInstanceOf(
                StoreUnavailableException.class, failure(links.holder(new HolderId(2, 5)).status(ID)));
        assertInstanceOf(
                StoreUnavailableException.class, failure(links.holder(new HolderId(9, 0)).status(ID)));
    }

    @Test
    void aPayloadDamagedOnItsWayIsNotStored() {
        FragmentHolder holder = remote();
        holder.create(ID, PROFILE, 3).join();
        Strip strip = strip(ID, 0, 3, 1, 1);
        strip.payload().put(17, (byte) (strip.payload().get(17) + 1));
        assertInstanceOf(StoreUnavailableException.class, failure(holder.append(ID, 3, List.of(strip))));
        assertEquals(0, store.status(ID).orElseThrow().strips());
    }

    @Test
    void requestsOfManyCallersAreAnsweredEachToItsOwn() {
        FragmentHolder holder = remote();
        holder.create(ID, PROFILE, 3).join();
        List<CompletableFuture<Void>> appends = new ArrayList<>();
        for (int row = 0; row < 60; row++) {
            appends.add(holder.append(ID, 3, List.of(strip(ID, row, 3, 1 + row % 16, row))));
        }
        appends.forEach(CompletableFuture::join);
        List<CompletableFuture<List<StripAnswer>>> reads = new ArrayList<>();
        for (int row = 0; row < 60; row++) {
            reads.add(holder.read(List.of(StripRange.whole(ID, row))));
        }
        for (int row = 0; row < 60; row++) {
            StripAnswer.Found found =
                    assertInstanceOf(StripAnswer.Found.class, reads.get(row).join().getFirst());
            assertEquals(strip(ID, row, 3, 1 + row % 16, row).payload(), found.bytes());
        }
        assertEquals(60, links.counters().appends().count());
        assertEquals(60, links.counters().reads().count());
    }

    @Test
    void whatIsTooMuchIsRefusedAtOnceAndTheRestGoesOn() {
        FragmentHolder holder = remote();
        holder.create(ID, PROFILE, 3).join();
        CountDownLatch stuck = new CountDownLatch(1);
        disk.observe((operation, _) -> {
            if (operation == SimulatedDisk.Operation.SYNC) {
                join(stuck);
            }
        });
        List<CompletableFuture<Void>> appends = new ArrayList<>();
        for (int row = 0; row < BRISK.requestCountMax() + 5; row++) {
            appends.add(holder.append(ID, 3, List.of(strip(ID, row, 3, 1, row))));
        }
        for (int row = BRISK.requestCountMax(); row < appends.size(); row++) {
            assertInstanceOf(StoreUnavailableException.class, failure(appends.get(row)));
        }
        stuck.countDown();
        appends.subList(0, BRISK.requestCountMax()).forEach(CompletableFuture::join);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aServerThatComesBackIsReachedAgain() {
        FragmentHolder holder = remote();
        holder.create(ID, PROFILE, 3).join();
        int port = server.port();
        server.close();
        assertInstanceOf(StoreUnavailableException.class, failure(holder.status(ID)));
        server = serveAgain(port);
        Await.until("the holder answers again", () -> !holder.status(ID)
                .handle((_, failure) -> failure)
                .thenApply(java.util.Objects::nonNull)
                .join());
        assertEquals(FragmentLinkStatus.State.UP, links.status().getFirst().state());
    }

    @Test
    void whoeverSaysNothingIsCutAndItsRequestsFail() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                FragmentLinks toSilent = new FragmentLinks(
                        tls(CLUSTER.node("node-1"), Admission.ALL),
                        BRISK,
                        new FragmentLinks.LocalDisks(() -> OptionalInt.of(1), _ -> Optional.empty()),
                        _ -> Optional.of(new FragmentPeer("node-2", new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), silent.getLocalPort()))))) {
            long begin = System.nanoTime();
            assertInstanceOf(
                    StoreUnavailableException.class, failure(toSilent.holder(REMOTE).installToken(7, 1)));
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(4).toNanos());
        }
    }

    @Test
    void onlyAdmittedNodesOfTheRightNameAreSpokenTo() {
        try (FragmentLinks asUser = links(CLUSTER.user("ada"), "node-2");
                FragmentLinks toAnother = links(CLUSTER.node("node-1"), "node-7");
                FragmentLinks stranger = links(TestCluster.now("other").node("node-1"), "node-2")) {
            assertInstanceOf(StoreUnavailableException.class, failure(asUser.holder(REMOTE).status(ID)));
            assertInstanceOf(StoreUnavailableException.class, failure(toAnother.holder(REMOTE).status(ID)));
            assertInstanceOf(StoreUnavailableException.class, failure(stranger.holder(REMOTE).status(ID)));
        }
    }

    @Test
    void anEvictedNodeIsCut() {
        FragmentHolder holder = remote();
        assertTrue(holder.status(ID).join().isEmpty());
        admission = _ -> Optional.of("evicted");
        server.dropRefused();
        Await.until("the session is gone", () -> server.connectionCount() == 0);
        assertInstanceOf(StoreUnavailableException.class, failure(holder.status(ID)));
    }

    @Test
    void whatIsNotOurProtocolEndsThatConnectionOnly() throws IOException {
        try (SocketChannel stranger = SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
            stranger.write(java.nio.ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(
                    java.nio.charset.StandardCharsets.US_ASCII)));
            assertTrue(remote().status(ID).join().isEmpty());
            Await.until("the stranger is gone", () -> server.connectionCount() == 1);
        }
    }
}
