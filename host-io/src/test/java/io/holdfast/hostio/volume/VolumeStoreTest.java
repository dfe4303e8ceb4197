package io.holdfast.hostio.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.testing.FaultyHolder.Link;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VolumeStoreTest {
    private static final int BLOCK = Volume.BLOCK_BYTES;
    private static final int BLOCKS = 1024;

    private final SimulatedHosts hosts = VolumeFixture.hosts(3);
    private final LogRuntime runtime = VolumeFixture.runtime(hosts);
    private final int[] stamps = new int[BLOCKS];
    private int nextStamp = 1;

    @AfterEach
    void closeHosts() {
        runtime.close();
        hosts.close();
    }

    private static ByteBuffer content(int block, int stamp) {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
        if (stamp != 0) {
            new Random(block * 31L + stamp).nextBytes(bytes.array());
        }
        return bytes;
    }

    private void write(BlockDevice device, int block, int count, Durability durability) {
        ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK);
        for (int i = 0; i < count; i++) {
            stamps[block + i] = nextStamp++;
            bytes.put(content(block + i, stamps[block + i]));
        }
        device.write((long) block * BLOCK, bytes.flip(), durability);
    }

    private void linkAll(Link link) {
        for (int host = 1; host <= 3; host++) {
            hosts.link(host).become(link);
        }
    }

    private static void expect(BlockDevice device, int[] expected) {
        ByteBuffer all = ByteBuffer.allocate(BLOCKS * BLOCK);
        device.read(0, all);
        for (int i = 0; i < BLOCKS; i++) {
            ByteBuffer found = all.slice(i * BLOCK, BLOCK);
            assertEquals(content(i, expected[i]), found, "block " + i + " stamp " + expected[i]);
        }
    }

    private void writeRandomly(BlockDevice device, Random random, int writes) {
        for (int i = 0; i < writes; i++) {
            int count = 1 + random.nextInt(40);
            int block = random.nextInt(BLOCKS - count);
            if (random.nextInt(12) == 0) {
                device.writeZeroes(
                        (long) block * BLOCK,
                        (long) count * BLOCK,
                        ZeroMode.MAY_FREE_SPACE,
                        Durability.VISIBLE);
                Arrays.fill(stamps, block, block + count, 0);
            } else {
                write(device, block, count, random.nextInt(3) == 0 ? Durability.DURABLE : Durability.VISIBLE);
            }
        }
    }

    @Test
    void aDefectInSendingEndsTheVolumeAndHoldsNobodyUp() {
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
            write(volume, 0, 1, Durability.DURABLE);
            linkAll(Link.DEFECTIVE);
            assertThrows(IllegalStateException.class, () -> write(volume, 1, 1, Durability.DURABLE));
            assertTrue(store.failure().isPresent());
            linkAll(Link.UP);
        }
    }

    @Test
    void whatWasWrittenIsThereAfterClosingAndOpening() {
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
            writeRandomly(volume, new Random(1), 150);
            expect(volume, stamps);
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0), stamps);
        }
        assertTrue(hosts.directory().all().stream().noneMatch(chunk -> chunk.isOpen()));
    }

    /// Between the two decisions that abandon a chunk its writer may die.
    @Test
    void chunkWithoutRowsWhoseWriterDiedAbandoningItIsReleased() {
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
            writeRandomly(volume, new Random(3), 50);
        }
        ErasureProfile profile = hosts.directory().all().getFirst().profile();
        ChunkRecord left = hosts.directory().open(VolumeFixture.STREAM, 1, profile, Set.of());
        hosts.directory().seal(left.id(), 1, new ChunkSealing(0, 0, 0, 0));
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0), stamps);
        }
        assertTrue(hosts.directory().all().stream().noneMatch(chunk ->
                chunk.id().equals(left.id()) && chunk.state() == ChunkRecord.State.SEALED));
    }

    /// A chunk that holds nothing but notes is of no length when it is sealed for its dead writer.
    @Test
    void notesAloneInAChunkSurviveOneDeadWriterAfterTheOther() {
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            writeRandomly(store.volume(store.create((long) BLOCKS * BLOCK)), new Random(3), 50);
        }
        VolumeStore dead = VolumeFixture.open(runtime, 2);
        int snapshot = dead.snapshot(0);
        int copy = dead.clone(snapshot);
        for (long token = 3; token < 6; token++) {
            // Left as it is: nothing is checkpointed.
            VolumeStore next = VolumeFixture.open(runtime, token);
            assertEquals(List.of(0, copy), next.members(), "token=" + token);
            assertTrue(next.isAs(copy, snapshot), "token=" + token);
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 6)) {
            expect(store.volume(copy), stamps);
        }
    }

    @Test
    void newWriterFindsAllThatWasFlushedAndShutsTheOldOneOut() {
        VolumeStore old = VolumeFixture.open(runtime, 1);
        BlockDevice volume = old.volume(old.create((long) BLOCKS * BLOCK));
        writeRandomly(volume, new Random(2), 60);
        volume.flush();

        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0), stamps);
            assertThrows(
                    FencedException.class,
                    () -> volume.write(0, ByteBuffer.allocate(BLOCK), Durability.DURABLE));
            expect(store.volume(0), stamps);
        }
        old.close();
    }

    @Test
    void holderThatFailsIsGoneRoundForWritesAndReads() {
        long token = 1;
        for (Link fault : List.of(Link.REFUSING, Link.SILENT, Link.DEAF)) {
            try (VolumeStore store = VolumeFixture.open(runtime, token++)) {
                if (store.members().isEmpty()) {
                    store.create((long) BLOCKS * BLOCK);
                }
                BlockDevice volume = store.volume(0);
                Random random = new Random(3);
                writeRandomly(volume, random, 20);
                hosts.link(2).become(fault);
                writeRandomly(volume, random, 20);
                expect(volume, stamps);
            }
            try (VolumeStore store = VolumeFixture.open(runtime, token++)) {
                expect(store.volume(0), stamps);
                hosts.link(2).become(Link.UP);
                expect(store.volume(0), stamps);
            }
        }
    }

    @Test
    void aReadWaitsUntilEnoughHoldersAreBackAndNotWhenItsVolumeCloses() throws Exception {
        VolumeStore store = VolumeFixture.open(runtime, 1);
        BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
        writeRandomly(volume, new Random(23), 40);
        volume.flush();
        hosts.link(2).become(Link.REFUSING);
        hosts.link(3).become(Link.REFUSING);
        CompletableFuture<Void> read = CompletableFuture.runAsync(() -> expect(volume, stamps));
        assertThrows(TimeoutException.class, () -> read.get(500, TimeUnit.MILLISECONDS));
        hosts.link(3).become(Link.UP);
        read.get(20, TimeUnit.SECONDS);

        hosts.link(3).become(Link.REFUSING);
        CompletableFuture<Void> last = CompletableFuture.runAsync(() -> expect(volume, stamps));
        assertThrows(TimeoutException.class, () -> last.get(500, TimeUnit.MILLISECONDS));
        store.close();
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> last.get(20, TimeUnit.SECONDS));
        assertInstanceOf(DeviceIoException.class, refused.getCause());
    }

    @Test
    void aHolderGivenUpAsLostTellsWhatASilentOneDoesNot() {
        VolumeStore first = VolumeFixture.open(runtime, 1);
        BlockDevice device = first.volume(first.create((long) BLOCKS * BLOCK));
        writeRandomly(device, new Random(17), 40);
        device.flush();
        hosts.link(3).become(Link.REFUSING);
        VolumeStore second = VolumeFixture.open(runtime, 2);
        expect(second.volume(0), stamps);
        hosts.link(3).become(Link.UP);
        hosts.link(2).become(Link.SILENT);
        VolumeStore third = VolumeFixture.open(runtime, 3);
        expect(third.volume(0), stamps);
        hosts.link(2).become(Link.UP);
        third.close();
        second.close();
        first.close();
    }

    @Test
    void snapshotsAndClonesKeepWhatTheyWere() {
        int[] atSnapshot;
        int snapshot;
        int clone;
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
            Random random = new Random(4);
            writeRandomly(volume, random, 30);
            snapshot = store.snapshot(0);
            atSnapshot = stamps.clone();
            writeRandomly(volume, random, 30);
            expect(store.snapshotDevice(snapshot), atSnapshot);
            clone = store.clone(snapshot);
            expect(store.volume(clone), atSnapshot);
            int[] live = stamps.clone();
            System.arraycopy(atSnapshot, 0, stamps, 0, BLOCKS);
            writeRandomly(store.volume(clone), random, 30);
            expect(volume, live);
            expect(store.snapshotDevice(snapshot), atSnapshot);
            store.rollBack(0, snapshot);
            expect(volume, atSnapshot);
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0), atSnapshot);
            expect(store.snapshotDevice(snapshot), atSnapshot);
            expect(store.volume(clone), stamps);
            store.deleteSnapshot(snapshot);
            store.delete(0);
            expect(store.volume(clone), stamps);
        }
    }

    @Test
    void tellsWhatChangedBetweenTwoSnapshotsPieceByPiece() {
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            int member = store.create((long) BLOCKS * BLOCK);
            BlockDevice device = store.volume(member);
            writeRandomly(device, new Random(21), 60);
            int older = store.snapshot(member);
            int[] before = stamps.clone();
            writeRandomly(device, new Random(22), 15);
            int newer = store.snapshot(member);
            int[] after = stamps.clone();
            writeRandomly(device, new Random(23), 15);
            List<Extent> extents = new ArrayList<>();
            long offset = 0;
            while (offset < (long) BLOCKS * BLOCK) {
                ChangedExtents piece = store.changes(older, newer, offset, 3);
                assertTrue(piece.extents().size() <= 3 && piece.nextOffset() > offset, piece::toString);
                extents.addAll(piece.extents());
                offset = piece.nextOffset();
            }
            assertEquals(store.changes(older, newer, 0, BLOCKS).extents(), extents);
            int[] shown = new int[BLOCKS];
            for (Extent extent : extents) {
                boolean isHole = extent.kind() == Extent.Kind.HOLE;
                for (long at = extent.offset(); at < extent.offset() + extent.length(); at += BLOCK) {
                    shown[(int) (at / BLOCK)] = isHole ? 1 : 2;
                }
            }
            for (int i = 0; i < BLOCKS; i++) {
                int expected = before[i] == after[i] ? 0 : after[i] == 0 ? 1 : 2;
                assertEquals(expected, shown[i], "block " + i);
            }
            assertEquals(List.of(), store.changes(newer, newer, 0, 1).extents());
        }
    }
}
