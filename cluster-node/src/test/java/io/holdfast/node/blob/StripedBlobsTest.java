package io.holdfast.node.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.testing.FaultyHolder;
import io.holdfast.hostio.testing.SimulatedHosts;
import io.holdfast.node.chunk.LedgerChunkDirectory;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.testing.MemoryLedger;
import io.holdfast.node.volume.FamilyHost;
import io.holdfast.node.volume.FamilyOpener;
import io.holdfast.node.volume.LeaseClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three nodes with blobs on the same three hosts and the same ledger. Whoever waits moves their clock.
@Timeout(120)
final class StripedBlobsTest {
    private static final long SEED = 20_261_121;

    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
    private final MemoryLedger ledger = new MemoryLedger(clock, 3);
    private final SimulatedHosts hosts =
            SimulatedHosts.start(3, 512L << 20, new StoreGeometry(4 << 20, 8, 16));
    private final Map<String, Node> nodes = new HashMap<>();
    private final List<Node> started = new ArrayList<>();
    private final Node first = new Node(1);
    private final Node second = new Node(2);
    private final Node third = new Node(3);
    private final Set<StoredBlob> referenced = new HashSet<>();

    /// One node's part of the blobs.
    private final class Node implements Waiting {
        final String name;
        final LedgerAccess access;
        final LogRuntime runtime;
        final FamilyHost families;
        final StripedBlobs.Ground ground;
        final StripedBlobs blobs;
        boolean isReachable = true;

        Node(int number) {
            name = "node-" + number;
            access = ledger.access(name);
            LedgerChunkDirectory directory = new LedgerChunkDirectory(access, (count, _, avoid, taken) ->
                    IntStream.rangeClosed(1, 3)
                            .filter(host -> !avoid.contains(new HolderId(host, 0)))
                            .mapToObj(host -> new FragmentPlace(host, 0))
                            .filter(place -> !taken.contains(place))
                            .limit(count)
                            .toList());
            runtime = new LogRuntime(directory, hosts, System::nanoTime);
            families = new FamilyHost(
                    name, access, new FamilyOpener(access, runtime, (_, _, _) -> {}),
                            LeaseClock.ofThisHost());
            ground = new StripedBlobs.Ground(name, access, families, runtime, this::call, clock);
            blobs = StripedBlobs.open(
                    ground,
                    new BlobVolumes(access, () -> OptionalInt.of(number), () -> 3, new Random(number)),
                    this);
            nodes.put(name, this);
            started.add(this);
        }

        private byte[] call(String other, PeerCall call, byte[] argument, Duration patience) {
            assertEquals(PeerCall.BLOB_PLACES, call);
            if (!isReachable || !nodes.get(other).isReachable) {
                throw new UnavailableException("down");
            }
            return nodes.get(other).blobs.answer(argument);
        }

        BlobSweeper sweeper(int... mine) {
            return new BlobSweeper(
                    ground, blobs, List.of(referenced::forEach),
                    node -> IntStream.of(mine).anyMatch(each -> each == node));
        }

        byte[] all(StoredBlob blob) throws IOException {
            try (InputStream content = blobs.open(blob)) {
                return content.readAllBytes();
            }
        }

        StoredBlob put(byte[] content) throws IOException {
            return blobs.put(new ByteArrayInputStream(content), content.length);
        }

        /// Its process is gone, and its disk with it.
        void die() {
            isReachable = false;
            hosts.link(Integer.parseInt(name.substring(5))).become(FaultyHolder.Link.REFUSING);
        }

        @Override
        public InstantSource clock() {
            return clock;
        }

        @Override
        public long nanoTime() {
            return millis.get() * 1_000_000;
        }

        @Override
        public void pause(Duration length) {
            millis.addAndGet(length.toMillis());
        }
    }

    @AfterEach
    void closeAll() {
        started.forEach(node -> {
            node.blobs.close();
            node.families.close();
            node.runtime.close();
        });
        hosts.close();
        ledger.close();
    }

    private static byte[] content(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(SEED + seed).nextBytes(bytes);
        return bytes;
    }

    private VolumeEntry volume(String name) {
        return first.access.reader().get(VolumeCatalogs.VOLUMES, name).map(Versioned::value).orElseThrow();
    }

    /// Time passes while nodes keep their leases.
    private void pass(long howLong) {
        millis.addAndGet(howLong);
        nodes.values().stream().filter(node -> node.isReachable).forEach(node -> node.families.step());
    }

    @Test
    void whatIsPutAtOneNodeIsReadAtEveryNode() throws IOException {
        byte[] content = content(1, 5_000_001);
        StoredBlob blob = first.put(content);
        StoredBlob small = second.put(content(2, 10));
        StoredBlob empty = second.put(new byte[0]);

        assertEquals(content.length, blob.lengthBytes());
        for (Node node : nodes.values()) {
            assertArrayEquals(content, node.all(blob), node.name);
            assertArrayEquals(content(2, 10), node.all(small), node.name);
            assertArrayEquals(new byte[0], node.all(empty), node.name);
            ByteBuffer part = ByteBuffer.allocate(3_000_000);
            node.blobs.read(blob, 1_234_567, part);
            assertArrayEquals(Arrays.copyOfRange(content, 1_234_567, 4_234_567), part.array());
        }
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> first.blobs.read(blob, content.length - 1L, ByteBuffer.allocate(2)));
        VolumeEntry volume = volume("system.blobs-1");
        assertEquals(blob.family(), volume.family());
        assertEquals(new Profile(2, 1, Profile.Spread.NODE), volume.profile());
        assertTrue(volume.isProtected());
        assertEquals(small.family(), volume("system.blobs-2").family());
    }

    @Test
    void whereABlobIsCanBeTold() throws IOException {
        StoredBlob blob = first.put(content(16, 3_000_001));
        long bytes = 733L * 4_096;
        BlobWhereabouts found = third.blobs.whereabouts(blob);
        assertEquals(bytes, found.usefulBytes());
        // A host that is slow for a moment is done without: 1+1 on the others then.
        assertTrue(found.storedBytes() >= bytes * 3 / 2, found.toString());
        assertTrue(found.profiles().stream().allMatch(profile -> profile.endsWith("+1")), found.toString());
        assertTrue(found.nodes().size() > 1, found.toString());
    }

    @Test
    void theBlobsOfADeadNodeAreReadByWhoeverTakesItsVolumeOver() throws IOException {
        byte[] content = content(3, 3_000_000);
        StoredBlob blob = first.put(content);
        first.die();

        assertArrayEquals(content, third.all(blob));
        assertEquals("node-3", third.families.holder(blob.family(), millis.get()).orElseThrow());
        assertArrayEquals(content, second.all(blob));

        hosts.link(1).become(FaultyHolder.Link.UP);
        first.isReachable = true;
        byte[] next = content(4, 1_000_000);
        assertThrows(BlobUnavailableException.class, () -> first.put(next), "it was overtaken");
        StoredBlob later = first.put(next);
        assertEquals(blob.family(), later.family());
        for (Node node : nodes.values()) {
            assertArrayEquals(content, node.all(blob), node.name);
            assertArrayEquals(next, node.all(later), node.name);
        }
    }

    @Test
    void blocksThatTheCleanerMovedAreFoundAgain() throws IOException {
        byte[] content = content(5, 300_000);
        StoredBlob kept = first.put(content);
        StoredBlob large = first.put(content(6, 12_000_000));
        ByteBuffer before = ByteBuffer.allocate(content.length);
        third.blobs.read(kept, 0, before);

        first.blobs.discard(large);
        int released = second.families.serving(kept.family(), true, family -> family.store().clean());
        assertTrue(released > 0, "the chunk that both were in is given back");

        ByteBuffer after = ByteBuffer.allocate(content.length);
        third.blobs.read(kept, 0, after);
        assertArrayEquals(content, after.array());
        assertArrayEquals(content, second.all(kept));
    }

    @Test
    void withTooFewHostsNothingIsReadAndThatIsSaid() throws IOException {
        StoredBlob blob = first.put(content(7, 100_000));
        hosts.link(1).become(FaultyHolder.Link.REFUSING);
        hosts.link(2).become(FaultyHolder.Link.REFUSING);
        assertThrows(BlobUnavailableException.class, () -> third.all(blob));
        hosts.link(2).become(FaultyHolder.Link.UP);
        assertArrayEquals(content(7, 100_000), third.all(blob));
    }

    @Test
    void aBlobThatIsLongerThanAnnouncedLeavesNothing() throws IOException {
        assertThrows(
                IOException.class,
                () -> first.blobs.put(new ByteArrayInputStream(new byte[2_000_000]), 1_000_000));
        StoredBlob blob = first.put(content(8, 1));
        assertEquals(List.of(), first.blobs.families().in(blob.family(), (_, store) ->
                store.unreferenced(List.of(io.holdfast.hostio.blob.BlobRange.of(blob.offset(), 1)))));
    }

    @Test
    void whatNothingRefersToGoesAfterAWhileAndWhatNothingRefersToAnyMoreAtOnce() throws IOException {
        StoredBlob kept = first.put(content(9, 50_000));
        StoredBlob lost = first.put(content(10, 50_000));
        referenced.add(kept);
        BlobSweeper sweeper = first.sweeper(1);
        sweeper.step();
        pass(BlobGarbage.KEPT.toMillis() - 1_000);
        sweeper.step();
        assertArrayEquals(content(10, 50_000), second.all(lost), "somebody may be about to enter it");

        StoredBlob late = first.put(content(11, 50_000));
        pass(2_000);
        sweeper.step();
        assertThrows(BlobDamagedException.class, () -> first.all(lost));
        assertArrayEquals(content(9, 50_000), second.all(kept));
        assertArrayEquals(content(11, 50_000), second.all(late));

        referenced.clear();
        referenced.add(late);
        sweeper.step();
        assertThrows(BlobDamagedException.class, () -> first.all(kept));
        assertArrayEquals(content(11, 50_000), second.all(late));
    }

    @Test
    void whatAKilledNodePutAndNeverEnteredIsGivenBackByItsSuccessor() throws IOException {
        StoredBlob entered = first.put(content(12, 20_000));
        StoredBlob lost = first.put(content(13, 20_000));
        referenced.add(entered);
        first.isReachable = false;

        Node again = new Node(1);
        BlobSweeper sweeper = again.sweeper(1);
        sweeper.step();
        assertArrayEquals(content(13, 20_000), again.all(lost));
        pass(BlobGarbage.KEPT.toMillis() + 1);
        sweeper.step();
        assertThrows(BlobDamagedException.class, () -> again.all(lost));
        assertArrayEquals(content(12, 20_000), third.all(entered));
    }

    @Test
    void aVolumeThatAnotherNodeHasOpenIsLeftAlone() throws IOException {
        StoredBlob lost = first.put(content(14, 20_000));
        BlobSweeper sweeper = second.sweeper(1, 2);
        sweeper.step();
        pass(5_000);
        sweeper.step();
        assertEquals("node-1", third.families.holder(lost.family(), millis.get()).orElseThrow());
        assertArrayEquals(content(14, 20_000), third.all(lost));
    }

    @Test
    void whateverANodeIsAskedItAnswersOrRefuses() throws IOException {
        StoredBlob blob = first.put(content(15, 10_000));
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            ByteBuffer asked = ByteBuffer.allocate(i % 2 == 0 ? 20 : random.nextInt(40));
            random.nextBytes(asked.array());
            if (i % 4 == 0) {
                asked.putLong(0, blob.family().value());
            }
            if (i % 8 == 0) {
                asked.putInt(16, random.nextInt(100));
            }
            String message = "seed=" + SEED + " i=" + i;
            assertThrows(PeerRefusedException.class, () -> first.blobs.answer(asked.array()), message);
        }
    }
}
