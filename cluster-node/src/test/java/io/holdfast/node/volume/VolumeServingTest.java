package io.holdfast.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.nbd.Export;
import io.holdfast.hostio.nbd.ExportRefusedException;
import io.holdfast.hostio.nbd.NbdClient;
import io.holdfast.hostio.nbd.NbdLimits;
import io.holdfast.hostio.nbd.NbdServer;
import io.holdfast.hostio.testing.SimulatedHosts;
import io.holdfast.node.chunk.LedgerChunkDirectory;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.MemoryLedger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes that serve volumes on the same hosts and the same ledger: who holds a volume, what the other
/// says, how it goes from one to the other.
@Timeout(120)
final class VolumeServingTest {
    private static final StreamId FAMILY = new StreamId(0x77);
    private static final VolumeSnapshotKey MONDAY = new VolumeSnapshotKey("db", "monday");

    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> java.time.Instant.ofEpochMilli(millis.get());
    private final LeaseClock leaseClock =
            new LeaseClock(() -> TimeUnit.MILLISECONDS.toNanos(millis.get()), millis::get);
    private final MemoryLedger ledger = new MemoryLedger(clock, 3);
    private final SimulatedHosts hosts =
            SimulatedHosts.start(3, 512L << 20, new StoreGeometry(4 << 20, 8, 16));
    private final Map<String, Node> nodes = new HashMap<>();
    private final Node first = new Node("node-1");
    private final Node second = new Node("node-2");

    /// One node's part of serving volumes.
    private final class Node {
        final String name;
        final LedgerAccess access;
        final LogRuntime runtime;
        final FamilyOpener opener;
        final FamilyHost families;
        final VolumeExports exports;
        final VolumeDesk desk;
        final Reclaimer reclaimer;
        final NbdServer nbd;
        boolean isReachable = true;

        Node(String name) {
            this.name = name;
            access = ledger.access(name);
            LedgerChunkDirectory directory = new LedgerChunkDirectory(access, (count, _, avoid, taken) ->
                    IntStream.rangeClosed(1, 3)
                            .filter(host -> !avoid.contains(new HolderId(host, 0)))
                            .mapToObj(host -> new FragmentPlace(host, 0))
                            .filter(place -> !taken.contains(place))
                            .limit(count)
                            .toList());
            runtime = new LogRuntime(directory, hosts, System::nanoTime);
            opener = new FamilyOpener(access, runtime, (_, _, _) -> {});
            families = new FamilyHost(name, access, opener, leaseClock);
            exports = new VolumeExports(access, families);
            nbd = exports.serve(NbdLimits.DEFAULT);
            VolumeActions actions = new VolumeActions(
                    name, access, families, opener,
                    new VolumeClients(() -> nbd, name + ":10809", Path.of("/" + name + "/nbd.sock")),
                    new NoAttachments());
            desk = new VolumeDesk(name, access, families, actions, this::ask,
                    new VolumeDesk.Time(clock, time -> millis.addAndGet(time.toMillis())));
            reclaimer = new Reclaimer(name, () -> true, access, directory, hosts, _ -> true);
            nodes.put(name, this);
        }

        private CompletableFuture<byte[]> ask(
                PeerId peer, io.holdfast.node.peerlink.PeerCall call, byte[] argument, Duration patience) {
            Node other = nodes.get(peer.value());
            return other != null && other.isReachable
                    ? CompletableFuture.completedFuture(other.desk.answer(argument))
                    : CompletableFuture.failedFuture(new UnavailableException("down"));
        }

        VolumeOutcome perform(VolumeCall.Verb verb, String... arguments) {
            Map<String, String> named = new HashMap<>();
            for (int i = 0; i < arguments.length; i += 2) {
                named.put(arguments[i], arguments[i + 1]);
            }
            return desk.perform(
                    new VolumeCall(verb, "db", named, Optional.of("ada"), name, "r-1"),
                            Duration.ofSeconds(5));
        }

        BlockDevice device(String export) {
            return exports.find(export, client(1)).orElseThrow().device();
        }
    }

    private static class NoAttachments implements Attachments {
        @Override
        public String attach(String volume) {
            return "/dev/none";
        }

        @Override
        public void detach(String volume) {
            // There is no device.
        }

        @Override
        public void sweep(Predicate<String> isKept) {
            // Nothing is left.
        }
    }

    private static NbdClient client(long connection) {
        return new NbdClient(connection, "test", Optional.empty());
    }

    VolumeServingTest() {
        VolumeDraft draft = new VolumeDraft(
                1 << 20, 4_096, new Profile(2, 1, Profile.Spread.NODE), VolumePolicy.STRICT, FAMILY);
        assertInstanceOf(
                GridReply.Accepted.class, first.access.submit(new VolumeCommand.Create("db", draft)));
    }

    @AfterEach
    void closeAll() {
        nodes.values().forEach(node -> {
            node.nbd.close();
            node.families.close();
            node.runtime.close();
        });
        hosts.close();
        ledger.close();
    }

    private static void write(BlockDevice device, long offset, int value) {
        ByteBuffer block = ByteBuffer.allocate(4_096);
        while (block.hasRemaining()) {
            block.put((byte) value);
        }
        device.write(offset, block.flip(), Durability.DURABLE);
    }

    private static int read(BlockDevice device, long offset) {
        ByteBuffer block = ByteBuffer.allocate(4_096);
        device.read(offset, block);
        return block.get(17);
    }

    private VolumeEntry volume(String name) {
        return first.access.reader().get(VolumeCatalogs.VOLUMES, name).map(Versioned::value).orElseThrow();
    }

    @Test
    void theFirstClientOpensAVolumeAndTheOtherNodeNamesTheHolder() {
        write(first.device("db"), 0, 5);
        assertEquals(5, read(first.device("db"), 0));
        ExportRefusedException refused =
                assertThrows(ExportRefusedException.class, () -> second.device("db"));
        assertTrue(refused.reason().contains("holder=node-1"), refused.reason());
        assertTrue(second.exports.find("nothing", client(1)).isEmpty());
        assertTrue(second.exports.find("NO NAME", client(1)).isEmpty());
        assertEquals("db", second.exports.list(client(1)).getFirst().name());
    }

    @Test
    void tellsWhatChangedBetweenSnapshotsFromAnyNode() {
        write(first.device("db"), 0, 5);
        assertTrue(first.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "a").refusal().isEmpty());
        write(first.device("db"), 8_192, 6);
        write(first.device("db"), 12_288, 7);
        assertTrue(first.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "b").refusal().isEmpty());
        VolumeOutcome changes = second.perform(VolumeCall.Verb.CHANGES, "snapshot", "b", "since", "a");
        assertEquals(
                List.of(Map.of("offset", 8_192, "length", 8_192, "isZero", false)),
                changes.facts().get("extents"));
        VolumeOutcome unknown = second.perform(VolumeCall.Verb.CHANGES, "snapshot", "b", "since", "z");
        assertEquals(RefusalCode.NOT_FOUND, unknown.refusal().orElseThrow().code());
    }

    @Test
    void aDeviceOfThisHostIsMadeAgainAfterAStartOnceItIsNotMountedAnyMore() {
        assertTrue(first.perform(VolumeCall.Verb.ATTACH).refusal().isEmpty());
        List<String> made = new ArrayList<>();
        AtomicBoolean isMounted = new AtomicBoolean(true);
        List<Boolean> swept = new ArrayList<>();
        Attachments attachments = new NoAttachments() {
            @Override
            public String attach(String volume) {
                if (isMounted.get()) {
                    throw new VolumeRefusedException(RefusalCode.IN_USE, "the device is mounted", "");
                }
                made.add(volume);
                return "/dev/loop7";
            }

            @Override
            public void sweep(Predicate<String> isKept) {
                swept.add(isKept.test("db"));
            }
        };
        AttachmentKeeper keeper =
                new AttachmentKeeper("node-1", first.access, first.families, attachments);
        keeper.step();
        assertEquals(Map.of("db", "the device is mounted"), keeper.pending());
        keeper.close();
        assertEquals(List.of(true, false), swept, "what is waited for stays until it stops");
        new AttachmentKeeper("node-1", first.access, first.families, attachments).close();
        assertEquals(List.of(true, false, false), swept, "also if it stops before its first step");
        isMounted.set(false);
        keeper.step();
        keeper.step();
        assertEquals(List.of("db"), made);
        assertEquals(Map.of(), keeper.pending());
        new AttachmentKeeper("node-2", second.access, second.families, attachments).step();
        assertEquals(List.of("db"), made);
    }

    @Test
    void aClosedVolumeOpensElsewhereAtOnceWithEverythingInIt() {
        write(first.device("db"), 8_192, 7);
        first.families.close();
        assertEquals(7, read(second.device("db"), 8_192));
        assertEquals(0, read(second.device("db"), 0));
    }

    @Test
    void afterAHolderDiedItsLeaseRunsOutAndTheNextGoesOn() {
        BlockDevice old = first.device("db");
        write(old, 4_096, 9);
        millis.addAndGet(5_000);
        assertThrows(ExportRefusedException.class, () -> second.device("db"));
        millis.addAndGet(6_000);
        assertEquals(9, read(second.device("db"), 4_096));
        first.families.step();
        assertThrows(FencedException.class, () -> write(old, 4_096, 1));
        Await.until("it is closed", () -> first.families.open().isEmpty());
        assertEquals(9, read(second.device("db"), 4_096));
    }

    @Test
    void aFormerHolderAnswersNothingOnceItsLeaseMayBeAnothers() throws InterruptedException {
        BlockDevice old = first.device("db");
        write(old, 4_096, 9);
        millis.addAndGet(11_000);
        write(second.device("db"), 4_096, 10);
        CompletableFuture<Integer> late = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> complete(late, old));
        Await.until("the read waits", () -> reader.getState() == Thread.State.TIMED_WAITING);
        assertFalse(late.isDone());
        first.families.step();
        reader.join();
        assertInstanceOf(FencedException.class, late.exceptionNow());
        assertEquals(10, read(second.device("db"), 4_096));
    }

    private static void complete(CompletableFuture<Integer> result, BlockDevice device) {
        try {
            result.complete(read(device, 4_096));
        } catch (BlockDeviceException failure) {
            result.completeExceptionally(failure);
        }
    }

    @Test
    void readsWaitForTheLeaseAndGoOnWhenItIsRenewed() throws InterruptedException {
        BlockDevice device = first.device("db");
        write(device, 4_096, 9);
        millis.addAndGet(9_000);
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> complete(result, device));
        Await.until("the read waits", () -> reader.getState() == Thread.State.TIMED_WAITING);
        assertFalse(result.isDone());
        first.families.step();
        reader.join();
        assertEquals(9, result.resultNow());
    }

    @Test
    void aLeaseThatAnotherHadInBetweenIsNoReasonToGoOn() {
        BlockDevice old = first.device("db");
        write(old, 4_096, 9);
        millis.addAndGet(11_000);
        write(second.device("db"), 4_096, 10);
        second.families.close();
        first.families.step();
        assertThrows(FencedException.class, () -> read(old, 4_096));
        Await.until("it is closed", () -> first.families.open().isEmpty());
        assertEquals(10, read(first.device("db"), 4_096));
    }

    @Test
    void clientsOfALostFamilyArePartedWith() {
        NbdClient client = client(7);
        Export export = first.exports.find("db", client).orElseThrow();
        first.exports.onConnected(export, client);
        CompletableFuture<Set<String>> parted = new CompletableFuture<>();
        first.families.onLost(family -> parted.complete(first.exports.used(family)));
        millis.addAndGet(11_000);
        assertEquals(0, read(second.device("db"), 0));
        first.families.step();
        assertEquals(Set.of("db"), parted.orTimeout(60, TimeUnit.SECONDS).join());
        first.exports.onDisconnected(export, client);
    }

    @Test
    void nobodyElseTakesAVolumeThatIsBeingOpenedForLong() throws InterruptedException {
        write(first.device("db"), 4_096, 9);
        millis.addAndGet(11_000);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        for (int host = 1; host <= 3; host++) {
            hosts.disk(host).observe((_, _) -> await(mayGoOn));
        }
        Node third = new Node("node-3");
        Thread opening = Thread.ofPlatform().start(() -> second.exports.find("db", client(1)));
        Await.until("it is being opened", () -> second.families.isBeingOpened(FAMILY));
        for (int i = 0; i < 4; i++) {
            millis.addAndGet(6_000);
            second.families.step();
            assertThrows(ExportRefusedException.class, () -> third.device("db"));
        }
        mayGoOn.countDown();
        opening.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void aLeaseThatRanOutUnnoticedIsTakenAgainAndTheStoreGoesOn() {
        BlockDevice device = first.device("db");
        millis.addAndGet(60_000);
        first.families.step();
        write(device, 0, 3);
        assertTrue(first.perform(VolumeCall.Verb.RESIZE, "sizeBytes", "2097152").refusal().isEmpty());
        assertThrows(ExportRefusedException.class, () -> second.device("db"));
    }

    @Test
    void forceShutsTheHolderOut() {
        BlockDevice old = first.device("db");
        write(old, 0, 4);
        VolumeOutcome forced = second.perform(VolumeCall.Verb.STATISTICS, "force", "true");
        assertEquals("node-2", forced.node());
        assertThrows(FencedException.class, () -> write(old, 0, 6));
        assertEquals(4, read(second.device("db"), 0));
    }

    @Test
    void whatIsAskedIsDoneWhereTheVolumeIsServed() {
        write(first.device("db"), 0, 1);
        VolumeOutcome taken = second.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "monday");
        assertTrue(taken.refusal().isEmpty(), taken.toString());
        assertEquals("node-1", taken.node());
        assertTrue(second.access.reader().get(VolumeCatalogs.SNAPSHOTS, MONDAY).isPresent());
        first.isReachable = false;
        VolumeOutcome unreached = second.perform(VolumeCall.Verb.STATISTICS);
        assertEquals(RefusalCode.HELD, unreached.refusal().orElseThrow().code());
        assertTrue(unreached.refusal().get().message().contains("holder=node-1"));
        VolumeOutcome missing = second.desk.perform(
                new VolumeCall(VolumeCall.Verb.DELETE, "nothing", Map.of(), Optional.empty(), "node-2", ""),
                Duration.ofSeconds(1));
        assertEquals(RefusalCode.NOT_FOUND, missing.refusal().orElseThrow().code());
    }

    @Test
    void aCallWaitsForTheLeaseOfADeadHolderAndGoesOnHere() {
        write(first.device("db"), 0, 1);
        first.isReachable = false;
        VolumeCall attach =
                new VolumeCall(VolumeCall.Verb.ATTACH, "db", Map.of(), Optional.empty(), "node-2", "r-2");
        VolumeOutcome attached = second.desk.perform(attach, Duration.ofSeconds(30));
        assertTrue(attached.refusal().isEmpty(), attached.toString());
        assertEquals("node-2", attached.node());
        assertEquals(1, read(second.device("db"), 0));
    }

    @Test
    void snapshotsClonesAndRollBackKeepTheirContents() {
        write(first.device("db"), 0, 1);
        assertTrue(first.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "monday").refusal().isEmpty());
        assertEquals(
                RefusalCode.EXISTS,
                first.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "monday").refusal().orElseThrow().code());
        write(first.device("db"), 0, 2);
        assertTrue(first.perform(VolumeCall.Verb.CLONE, "snapshot", "monday", "clone", "copy")
                .refusal().isEmpty());
        assertEquals(1, read(first.device("copy"), 0));
        assertEquals(1, read(first.device("db@monday"), 0));
        assertEquals(2, read(first.device("db"), 0));
        write(first.device("copy"), 0, 8);
        assertTrue(first.perform(VolumeCall.Verb.ROLL_BACK, "snapshot", "monday").refusal().isEmpty());
        assertEquals(1, read(first.device("db"), 0));
        assertEquals(8, read(first.device("copy"), 0));
        first.families.close();
        assertEquals(1, read(second.device("db"), 0));
        assertEquals(8, read(second.device("copy"), 0));
        assertTrue(second.perform(VolumeCall.Verb.DELETE_SNAPSHOT, "snapshot", "monday").refusal().isEmpty());
        assertTrue(second.exports.find("db@monday", client(1)).isEmpty());
        assertEquals(8, read(second.device("copy"), 0));
    }

    @Test
    void aSizeChangesForClientsAndInTheCatalog() {
        BlockDevice device = first.device("db");
        assertTrue(first.perform(VolumeCall.Verb.RESIZE, "sizeBytes", "4194304").refusal().isEmpty());
        assertEquals(4_194_304, device.sizeBytes());
        assertEquals(4_194_304, volume("db").sizeBytes());
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                first.perform(VolumeCall.Verb.RESIZE, "sizeBytes", "4096").refusal().orElseThrow().code());
        assertTrue(first.perform(VolumeCall.Verb.RESIZE, "sizeBytes", "4096", "shrink", "true")
                .refusal().isEmpty());
        assertEquals(
                RefusalCode.INVALID,
                first.perform(VolumeCall.Verb.RESIZE, "sizeBytes", "5000").refusal().orElseThrow().code());
    }

    @Test
    void aDeletedVolumesSpaceComesBackAndItsCloneStays() {
        write(first.device("db"), 0, 1);
        first.perform(VolumeCall.Verb.SNAPSHOT, "snapshot", "monday");
        first.perform(VolumeCall.Verb.CLONE, "snapshot", "monday", "clone", "copy");
        assertTrue(first.perform(VolumeCall.Verb.DELETE).refusal().isEmpty());
        assertTrue(first.exports.find("db", client(1)).isEmpty());
        assertEquals(1, read(first.device("copy"), 0));
        VolumeOutcome gone = first.desk.perform(
                new VolumeCall(VolumeCall.Verb.DELETE, "copy", Map.of(), Optional.empty(), "node-1", ""),
                Duration.ofSeconds(5));
        assertTrue(gone.refusal().isEmpty(), gone.toString());
        assertTrue(hosts.store(1).fragments().size() + hosts.store(2).fragments().size() > 0);
        second.reclaimer.step();
        for (int host = 1; host <= 3; host++) {
            assertTrue(hosts.store(host).fragments().isEmpty(), "host=" + host);
        }
        assertFalse(first.access.reader().get(ChunkCatalogs.STREAMS, FAMILY).isPresent());
        assertFalse(first.access.reader().get(VolumeCatalogs.RECLAIMS, FAMILY).isPresent());
    }

    @Test
    void whatIsThereIsMovedToTheProfileThatIsSet() {
        write(first.device("db"), 0, 5);
        write(first.device("db"), 40_960, 6);
        assertTrue(second.perform(VolumeCall.Verb.SET_PROFILE, "profile", "1+2").refusal().isEmpty());
        assertTrue(first.families.formerProfileBytes() > 0);
        Await.until("all is of the new profile", () -> formerProfileBytes() == 0);
        assertEquals(5, read(first.device("db"), 0));
        assertEquals(6, read(first.device("db"), 40_960));
        first.families.close();
        assertEquals(0, formerProfileBytes());
        assertEquals(5, read(second.device("db"), 0));
    }

    private long formerProfileBytes() {
        VolumeOutcome statistics = second.perform(VolumeCall.Verb.STATISTICS);
        Object family = statistics.facts().get("family");
        return family instanceof Map<?, ?> facts && facts.get("formerProfileBytes") instanceof Number bytes
                ? bytes.longValue()
                : -1;
    }

    @Test
    void aFamilyThatNobodyUsesStaysOpenOnlyWhileAClientIsConnected() {
        Export export = first.exports.find("db", client(4)).orElseThrow();
        first.exports.onConnected(export, client(4));
        assertTrue(first.families.open().getFirst().isUsed());
        first.exports.onDisconnected(export, client(4));
        assertFalse(first.families.open().getFirst().isUsed());
    }

    @Test
    void whatIsLostIsComputedAnewByTheLeaderThoughNobodyServesTheVolume() throws Exception {
        write(first.device("db"), 0, 5);
        first.families.close();
        LossReporter losses = new LossReporter(second.access);
        losses.step(1, disk -> disk == 0);
        assertFalse(ChunkIndexes.atRisk(ledger.log().store(), Optional.empty(), 10).isEmpty());

        FamilyUpkeep upkeep =
                new FamilyUpkeep(second.families, second.opener, second.access, () -> true, clock);
        Await.until("nothing is at risk", () -> {
            millis.addAndGet(1_000); // Past the first one's lease.
            upkeep.step();
            return !isAnythingAtRisk();
        });
        second.families.step();
        assertEquals(5, read(second.device("db"), 0));
        VolumeOutcome check = second.perform(VolumeCall.Verb.CHECK, "deep", "true");
        assertEquals(true, check.facts().get("isClean"), check.toString());
    }

    private boolean isAnythingAtRisk() {
        return !ChunkIndexes.atRisk(ledger.log().store(), Optional.empty(), 10).isEmpty();
    }
}
