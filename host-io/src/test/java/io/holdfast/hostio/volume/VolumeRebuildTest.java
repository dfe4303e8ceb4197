package io.holdfast.hostio.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Maps made from the log alone, after their checkpoints are gone.
@Timeout(120)
final class VolumeRebuildTest {
    private static final int BLOCK = Volume.BLOCK_BYTES;
    private static final int BLOCKS = 512;
    private static final int TABLE_MAGIC = 0x544d4648;

    private final SimulatedHosts hosts = VolumeFixture.hosts(3);
    private final LogRuntime runtime = VolumeFixture.runtime(hosts);
    private int[] stamps = new int[BLOCKS];
    private int nextStamp = 1;

    /// A family with a history: what its members and versions hold.
    @SuppressWarnings("ArrayRecordComponent") // read only, by this test
    private record History(int snapshot, int[] atSnapshot, int copy, int[] inClone, int[] live) {}

    @AfterEach
    void closeHosts() {
        runtime.close();
        hosts.close();
    }

    private void write(BlockDevice device, Random random, int writes) {
        for (int i = 0; i < writes; i++) {
            int count = 1 + random.nextInt(24);
            int block = random.nextInt(BLOCKS - count);
            if (random.nextInt(4) == 0) {
                device.writeZeroes((long) block * BLOCK, (long) count * BLOCK, ZeroMode.MAY_FREE_SPACE,
                        Durability.VISIBLE);
                Arrays.fill(stamps, block, block + count, 0);
            } else {
                ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK);
                for (int at = 0; at < count; at++) {
                    stamps[block + at] = nextStamp;
                    bytes.putInt(at * BLOCK, nextStamp++);
                }
                device.write((long) block * BLOCK, bytes, Durability.VISIBLE);
            }
        }
        device.flush();
    }

    private static int[] stampsOf(BlockDevice device) {
        ByteBuffer all = ByteBuffer.allocate(BLOCKS * BLOCK);
        device.read(0, all);
        int[] found = new int[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            found[i] = all.getInt(i * BLOCK);
        }
        return found;
    }

    /// Writes, trims, keeps, clones, drops and cleans, so that little lies where it was written first.
    private History live(VolumeStore store, Random random) {
        BlockDevice volume = store.volume(store.create((long) BLOCKS * BLOCK));
        write(volume, random, 60);
        int dropped = store.snapshot(0);
        write(volume, random, 60);
        int snapshot = store.snapshot(0);
        int[] atSnapshot = stamps.clone();
        write(volume, random, 60);
        store.deleteSnapshot(dropped);
        int[] before = stamps;
        int clone = store.clone(snapshot);
        stamps = atSnapshot.clone();
        write(store.volume(clone), random, 30);
        int[] inClone = stamps;
        stamps = before;
        for (int round = 0; round < 6; round++) {
            write(volume, random, 40);
            for (int i = 0; i < 20 && store.clean() > 0; i++) {
                assertEquals(Arrays.toString(stamps), Arrays.toString(stampsOf(volume)));
            }
        }
        return new History(snapshot, atSnapshot, clone, inClone, stamps);
    }

    private static void expect(VolumeStore store, History history) {
        assertEquals(Arrays.toString(history.live), Arrays.toString(stampsOf(store.volume(0))));
        assertEquals(
                Arrays.toString(history.atSnapshot),
                Arrays.toString(stampsOf(store.snapshotDevice(history.snapshot))));
        assertEquals(
                Arrays.toString(history.inClone), Arrays.toString(stampsOf(store.volume(history.copy))));
        assertEquals(List.of(0, history.copy), store.members());
        assertEquals(List.of(history.snapshot), List.copyOf(store.snapshots().keySet()));
        CheckReport report = store.check(true);
        assertTrue(report.isClean(), report.toString());
    }

    private void forgetMaps(VolumeStore store) {
        List<Long> maps = store.family().usage().all().values().stream()
                .filter(use -> use.generation == VolumeStore.MAP_LANE)
                .map(use -> use.number)
                .toList();
        assertTrue(!maps.isEmpty());
        for (ChunkRecord chunk : hosts.directory().all()) {
            if (maps.contains(chunk.number())) {
                hosts.directory().forget(chunk.id());
            }
        }
    }

    @Test
    void everyByteIsThereWithoutAnyCheckpoint() {
        History history;
        VolumeStore old = VolumeFixture.open(runtime, 1);
        history = live(old, new Random(31));
        long released = old.statistics().releasedChunks();
        assertTrue(released > 4, "the cleaner has worked: released " + released);
        old.close();
        forgetMaps(old);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store, history);
            stamps = history.live.clone();
            write(store.volume(0), new Random(32), 30);
            store.checkpoint();
            while (store.clean() > 0) {
                assertEquals(Arrays.toString(stamps), Arrays.toString(stampsOf(store.volume(0))));
            }
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 3)) {
            assertEquals(0, store.statistics().rowsReplayed(), "from the new checkpoint");
            expect(store, new History(
                    history.snapshot, history.atSnapshot, history.copy, history.inClone, stamps));
        }
    }

    @Test
    void everyByteIsThereWhenAllCopiesOfTheMapsAreDamaged() {
        History history;
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            history = live(store, new Random(33));
        }
        int damaged = 0;
        for (int host = 1; host <= 3; host++) {
            damaged += damageTables(host);
        }
        assertTrue(damaged > 1, "tables damaged " + damaged);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store, history);
            assertTrue(store.statistics().rowsReplayed() > 100, "made from the log");
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 3)) {
            expect(store, history);
            assertEquals(0, store.statistics().rowsReplayed(), "from the new checkpoint");
        }
    }

    private int damageTables(int host) {
        int damaged = 0;
        ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : hosts.disk(host).list()) {
            try (DiskFile file = hosts.disk(host).open(name)) {
                for (long at = 0; at + BLOCK <= file.sizeBytes(); at += BLOCK) {
                    file.read(at, head.clear());
                    if (head.getInt(0) == TABLE_MAGIC) {
                        hosts.disk(host).flipBit(name, at + 50, 2);
                        damaged++;
                    }
                }
            }
        }
        return damaged;
    }

    @Test
    void mapsThatCannotBeReadForAWhileAreWaitedFor() {
        History history;
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            history = live(store, new Random(34));
        }
        hosts.refuseReads(40);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            assertEquals(0, hosts.readsToRefuse(), "some were refused");
            assertEquals(0, store.statistics().rowsReplayed(), "from the checkpoint");
            expect(store, history);
        }
    }

    @Test
    void mapsThatCannotBeReadAreKeptAndTheVolumeDoesNotOpen() {
        History history;
        try (VolumeStore store = VolumeFixture.open(runtime, 1)) {
            history = live(store, new Random(35));
        }
        hosts.refuseReads(Integer.MAX_VALUE);
        LongSupplier eachTakesASecond = () ->
                System.nanoTime() + 1_000_000_000L * (Integer.MAX_VALUE - hosts.readsToRefuse());
        try (LogRuntime impatient = new LogRuntime(hosts.directory(), hosts, eachTakesASecond)) {
            assertThrows(StoreUnavailableException.class, () -> VolumeFixture.open(impatient, 2));
        }
        assertTrue(hosts.readsToRefuse() < Integer.MAX_VALUE - 10, "they were asked again and again");
        hosts.refuseReads(0);
        try (VolumeStore store = VolumeFixture.open(runtime, 3)) {
            assertEquals(0, store.statistics().rowsReplayed(), "from the checkpoint");
            expect(store, history);
        }
    }

    @Test
    void aLogThatDoesNotTellAllIsRefused() {
        NoteHistory history = new NoteHistory(7);
        history.noted(1, new FamilyNote.Created(0, 1, 4_096));
        history.wrote(2, BlockKey.of(0, 5));
        CorruptDataException unmade =
                assertThrows(CorruptDataException.class, () -> history.wrote(3, BlockKey.of(4, 5)));
        assertTrue(unmade.getMessage().contains("volume 4"), unmade.getMessage());
        assertThrows(
                CorruptDataException.class, () -> history.noted(4, new FamilyNote.Cloned(1, 1, 2)));
        history.noted(5, new FamilyNote.Pinned(0, 1, 2));
        history.noted(6, new FamilyNote.Cloned(1, 1, 3));
        history.wrote(7, BlockKey.of(1, 5));
        assertThrows(CorruptDataException.class, () -> history.noted(8, new FamilyNote.Unpinned(9)));
    }
}
