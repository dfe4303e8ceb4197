package io.holdfast.hostio.chunkstore;

import static io.holdfast.hostio.chunkstore.StripFixture.PROFILE;
import static io.holdfast.hostio.chunkstore.StripFixture.strip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFullException;
import io.holdfast.hostio.disk.FileDisk;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FragmentStoresTest {
    private static final StoreGeometry GEOMETRY = new StoreGeometry(128 << 10, 8, 8);
    private static final FragmentId ID = FragmentId.of(new ChunkId(7, 1), 0);
    private static final int SUPERBLOCK_AND_TOKENS = 80 << 10;

    @TempDir
    private Path folder;

    private static StoreOptions options() {
        return new StoreOptions(GEOMETRY, 2, 400, new SplittableRandom(5));
    }

    private static FragmentStores open(Disk... disks) {
        return FragmentStores.open(List.of(disks), options());
    }

    private static SimulatedDisk simulated(String name) {
        return new SimulatedDisk(name, 8L << 20);
    }

    private static ByteBuffer read(FragmentStore store, FragmentId id, int row) {
        ByteBuffer payload = ByteBuffer.allocate(StripHeader.PAYLOAD_BYTES_MAX);
        store.read(id, row, payload);
        return payload.flip();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void keepsStripsOfEverySizeOnARealDisk() {
        List<Strip> strips = new ArrayList<>();
        for (int row = 0; row < 40; row++) {
            strips.add(strip(ID, row, 3, row % 17 == 16 ? 16 : row % 5, row));
        }
        try (FragmentStores store = open(FileDisk.open(folder))) {
            store.create(ID, PROFILE, 3).join();
            strips.forEach(strip -> store.append(ID, 3, List.of(strip)).join());
        }
        try (FragmentStores store = open(FileDisk.open(folder))) {
            assertEquals(3, store.newestToken(7));
            for (Strip strip : strips) {
                assertEquals(strip.payload(), read(store, ID, strip.header().row()));
                assertEquals(strip.header(), store.header(ID, strip.header().row()).orElseThrow());
            }
            store.seal(ID, 3, 30).join();
            assertArrayEquals(new int[] {27, 28, 29}, store.rows(ID, 27, 10));
            assertEquals(30, store.status(ID).orElseThrow().strips());
            assertInstanceOf(
                    ConflictException.class, failure(store.append(ID, 3, List.of(strip(ID, 50, 3, 1, 1)))));
        }
        try (FragmentStores store = open(FileDisk.open(folder))) {
            assertEquals(FragmentState.SEALED, store.status(ID).orElseThrow().state());
            assertThrows(StripNotFoundException.class, () -> read(store, ID, 30));
            store.delete(ID, 3).join();
            assertThrows(FragmentNotFoundException.class, () -> read(store, ID, 1));
            assertEquals(List.of(), store.fragments());
        }
    }

    @Test
    void readsAndVerifiesOneBlockOfAWideStrip() {
        SimulatedDisk disk = simulated("a");
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            Strip strip = strip(ID, 0, 1, 16, 9);
            store.append(ID, 1, List.of(strip)).join();
            ByteBuffer block = ByteBuffer.allocate(Layout.BLOCK_BYTES);
            store.readBlocks(ID, 0, 5, 1, block);
            ByteBuffer fifth = strip.payload().slice(5 * Layout.BLOCK_BYTES, Layout.BLOCK_BYTES);
            assertEquals(fifth, block.flip());
            assertThrows(StripNotFoundException.class, () -> store.readBlocks(ID, 0, 16, 1, block.clear()));
            Place place = disk.placeOf(fifth);
            disk.flipBit(place.file(), place.position() + 17, 3);
            CorruptDataException corrupt =
                    assertThrows(CorruptDataException.class,
                            () -> store.readBlocks(ID, 0, 5, 1, block.clear()));
            assertEquals(place, corrupt.where());
            store.readBlocks(ID, 0, 4, 1, block.clear());
            assertThrows(CorruptDataException.class, () -> read(store, ID, 0));
        }
        assertEquals(0, disk.openCount());
    }

    @Test
    void refusesAnOlderWriterEvenAfterARestart() {
        SimulatedDisk disk = simulated("a");
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            store.installToken(7, 5).join();
            Throwable refused = failure(store.append(ID, 4, List.of(strip(ID, 0, 4, 1, 1))));
            assertEquals(5, assertInstanceOf(FencedException.class, refused).newestToken());
        }
        try (FragmentStores store = open(disk)) {
            assertInstanceOf(FencedException.class, failure(store.delete(ID, 4)));
            assertInstanceOf(FencedException.class, failure(store.installToken(7, 4)));
            store.append(ID, 6, List.of(strip(ID, 0, 6, 1, 1))).join();
            assertEquals(6, store.newestToken(7));
        }
    }

    @Test
    void aRetryIsHarmlessAndAnotherStripInTheRowIsNot() {
        try (FragmentStores store = open(simulated("a"))) {
            store.create(ID, PROFILE, 1).join();
            store.create(ID, PROFILE, 1).join();
            Strip strip = strip(ID, 0, 1, 2, 1);
            store.append(ID, 1, List.of(strip)).join();
            store.append(ID, 1, List.of(strip)).join();
            assertEquals(1, store.status(ID).orElseThrow().strips());
            assertInstanceOf(
                    ConflictException.class, failure(store.append(ID, 1, List.of(strip(ID, 0, 1, 2, 2)))));
            assertInstanceOf(ConflictException.class, failure(store.create(ID, PROFILE, 1)));
            assertInstanceOf(
                    FragmentNotFoundException.class,
                    failure(store.append(FragmentId.of(new ChunkId(8, 8), 0), 1, List.of())));
        }
    }

    @Test
    void refusesAPayloadThatIsNotWhatItsHeaderSays() {
        try (FragmentStores store = open(simulated("a"))) {
            store.create(ID, PROFILE, 1).join();
            Strip strip = strip(ID, 0, 1, 1, 1);
            strip.payload().put(100, (byte) (strip.payload().get(100) + 1));
            assertThrows(IllegalArgumentException.class, () -> store.append(ID, 1, List.of(strip)));
        }
    }

    @Test
    void manyWritersShareOneSync() {
        SimulatedDisk disk = simulated("a");
        AtomicInteger syncs = new AtomicInteger();
        CountDownLatch blocked = new CountDownLatch(1);
        try (FragmentStores store = open(disk)) {
            List<FragmentId> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ids.add(FragmentId.of(new ChunkId(i, 0), 0));
                store.create(ids.get(i), PROFILE, 1).join();
            }
            disk.observe((operation, _) -> {
                boolean isCommit = Thread.currentThread().getName().startsWith("chunkstore-commit")
                        && operation == SimulatedDisk.Operation.SYNC;
                if (isCommit && syncs.incrementAndGet() == 1) {
                    await(blocked);
                }
            });
            CompletableFuture<Void> first =
                    store.append(ids.getFirst(), 1, List.of(strip(ids.getFirst(), 0, 1, 1, 1)));
            while (syncs.get() == 0) {
                Thread.onSpinWait();
            }
            List<CompletableFuture<Void>> others = ids.stream()
                    .map(id -> store.append(id, 1, List.of(strip(id, 1, 1, 1, 1))))
                    .toList();
            blocked.countDown();
            first.join();
            others.forEach(CompletableFuture::join);
            // Twenty fragments of 128 KiB lie in three segments.
            assertTrue(syncs.get() <= 1 + 3, "syncs=" + syncs.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aSegmentThatIsSlowToMakeHoldsUpNobodyWhoHasRoom() {
        SimulatedDisk disk = simulated("a");
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            disk.observe((operation, file) -> {
                if (operation == SimulatedDisk.Operation.CREATE && file.startsWith("segment")) {
                    isAsked.countDown();
                    await(mayGoOn);
                }
            });
            List<CompletableFuture<Void>> created = new ArrayList<>();
            List<CompletableFuture<Void>> appended = new ArrayList<>();
            for (int i = 0; i < 3 * GEOMETRY.extentsPerSegment(); i++) {
                FragmentId id = FragmentId.of(new ChunkId(8, i), 0);
                created.add(store.create(id, PROFILE, 1));
                appended.add(store.append(id, 1, List.of(strip(id, 0, 1, 1, i))));
            }
            await(isAsked);
            for (int row = 0; row < 10; row++) {
                store.append(ID, 1, List.of(strip(ID, row, 1, 1, row))).join();
            }
            assertTrue(created.stream().anyMatch(future -> !future.isDone()));
            mayGoOn.countDown();
            created.forEach(CompletableFuture::join);
            appended.forEach(CompletableFuture::join);
        }
        assertEquals(0, disk.openCount());
    }

    @Test
    void whatWaitsForSpaceIsRefusedWhenTheStoreCloses() {
        SimulatedDisk disk = simulated("a");
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        disk.observe((operation, file) -> {
            if (operation == SimulatedDisk.Operation.CREATE && file.startsWith("segment")) {
                isAsked.countDown();
                await(mayGoOn);
                throw new DiskFullException("injected");
            }
        });
        FragmentStores store = open(disk);
        CompletableFuture<Void> created = store.create(ID, PROFILE, 1);
        await(isAsked);
        Thread closing = Thread.ofPlatform().start(store::close);
        mayGoOn.countDown();
        assertTrue(created.handle((_, failure) -> failure != null).join());
        while (closing.isAlive()) {
            Thread.onSpinWait();
        }
        assertEquals(0, disk.openCount());
    }

    @Test
    void spaceIsWrittenAheadButNeverWhereSomethingLies() {
        SimulatedDisk disk = simulated("a");
        AtomicInteger zeros = new AtomicInteger();
        disk.observe((operation, _) -> zeros.addAndGet(operation == SimulatedDisk.Operation.WRITE ? 1 : 0));
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            for (int row = 0; row < 100; row++) {
                store.append(ID, 1, List.of(strip(ID, row, 1, 1, row))).join();
            }
        }
        assertTrue(zeros.get() > 101, "writes=" + zeros.get());
        try (FragmentStores store = open(disk)) {
            for (int row = 0; row < 100; row++) {
                assertEquals(strip(ID, row, 1, 1, row).payload(), read(store, ID, row));
            }
        }
    }

    @Test
    void aFullDiskRefusesAndServesAgainOnceSomethingIsDeleted() {
        long bytes = GEOMETRY.segmentBytes() + SUPERBLOCK_AND_TOKENS + (64 << 10);
        SimulatedDisk disk = new SimulatedDisk("a", bytes);
        try (FragmentStores store = open(disk)) {
            List<FragmentId> ids = new ArrayList<>();
            for (int i = 0; i < GEOMETRY.extentsPerSegment(); i++) {
                ids.add(FragmentId.of(new ChunkId(1, i), 0));
                store.create(ids.get(i), PROFILE, 1).join();
            }
            assertInstanceOf(DiskFullException.class, failure(store.create(ID, PROFILE, 1)));
            assertEquals(DiskStatus.State.FULL, store.disks().getFirst().state());
            assertEquals(0, store.disks().getFirst().freeBytes());
            store.delete(ids.getFirst(), 1).join();
            store.installToken(1, 2).join();
            store.installToken(1, 3).join(); // By now the extents of the first are marked free.
            store.create(ID, PROFILE, 1).join();
            store.append(ID, 1, List.of(strip(ID, 0, 1, 1, 1))).join();
        }
    }

    @Test
    void aDiskThatFailsOnceIsNotTrustedAgain() {
        SimulatedDisk disk = simulated("a");
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            Strip strip = strip(ID, 0, 1, 1, 1);
            store.append(ID, 1, List.of(strip)).join();
            disk.become(SimulatedDisk.State.SYNC_FAILS);
            Throwable lost = failure(store.append(ID, 1, List.of(strip(ID, 1, 1, 1, 2))));
            assertInstanceOf(StoreUnavailableException.class, lost);
            disk.become(SimulatedDisk.State.HEALTHY);
            Throwable refused = failure(store.append(ID, 1, List.of(strip(ID, 2, 1, 1, 3))));
            assertInstanceOf(StoreUnavailableException.class, refused);
            assertEquals(DiskStatus.State.FAILED, store.disks().getFirst().state());
            assertEquals(strip.payload(), read(store, ID, 0));
        }
    }

    @Test
    void aReadOnlyDiskIsStillRead() {
        SimulatedDisk disk = simulated("a");
        Strip strip = strip(ID, 0, 1, 1, 1);
        try (FragmentStores store = open(disk)) {
            store.create(ID, PROFILE, 1).join();
            store.append(ID, 1, List.of(strip)).join();
        }
        disk.become(SimulatedDisk.State.READ_ONLY);
        try (FragmentStores store = open(disk)) {
            assertEquals(DiskStatus.State.READ_ONLY, store.disks().getFirst().state());
            assertEquals(strip.payload(), read(store, ID, 0));
            assertInstanceOf(StoreUnavailableException.class, failure(store.delete(ID, 1)));
        }
    }

    @Test
    void aLostDiskTakesOnlyItsOwnFragments() {
        SimulatedDisk a = simulated("a");
        SimulatedDisk b = simulated("b");
        List<FragmentId> ids = new ArrayList<>();
        try (FragmentStores store = open(a, b)) {
            for (int i = 0; i < 10; i++) {
                FragmentId id = FragmentId.of(new ChunkId(7, i), 0);
                ids.add(id);
                store.create(id, PROFILE, 2).join();
                store.append(id, 2, List.of(strip(id, 0, 2, 8, i))).join();
            }
            store.installToken(7, 9).join();
            List<DiskStatus> disks = store.disks();
            assertTrue(disks.stream().allMatch(disk -> disk.fragments() > 0), () -> disks.toString());
        }
        try (FragmentStores store = open(b)) {
            assertEquals(9, store.newestToken(7));
            assertTrue(!store.fragments().isEmpty() && store.fragments().size() < ids.size());
            for (FragmentId id : store.fragments()) {
                assertEquals(8 * Layout.BLOCK_BYTES, read(store, id, 0).remaining());
            }
        }
    }
}
