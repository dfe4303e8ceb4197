package io.holdfast.hostio.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.FaultyHolder.Link;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Cleaning, repair and checkpoints, with I/O in between.
final class VolumeUpkeepTest {
    private static final int BLOCKS = VolumeModel.BLOCKS;
    private static final long UNLIMITED = Long.MAX_VALUE / 2_000_000_000L;

    private final SimulatedHosts hosts = VolumeFixture.hosts(4);
    private final LogRuntime runtime = VolumeFixture.runtime(hosts);
    private final VolumeModel model = new VolumeModel();

    @AfterEach
    void closeHosts() {
        runtime.close();
        hosts.close();
    }

    private static VolumeStore create(VolumeStore store) {
        store.create((long) BLOCKS * Volume.BLOCK_BYTES);
        return store;
    }

    private void write(BlockDevice volume, Random random, int writes) {
        for (int i = 0; i < writes; i++) {
            int count = 1 + random.nextInt(12);
            int block = random.nextInt(BLOCKS - count);
            volume.write((long) block * Volume.BLOCK_BYTES, model.write(block, count), Durability.VISIBLE);
        }
        volume.flush();
        model.durable(0, BLOCKS);
    }

    private void expect(BlockDevice volume) {
        ByteBuffer all = ByteBuffer.allocate(BLOCKS * Volume.BLOCK_BYTES);
        volume.read(0, all);
        assertEquals(null, model.promise().check(all.flip()));
    }

    private static MapVersion live(VolumeStore store) {
        return store.family().member(0).orElseThrow().live;
    }

    private static void damage(VolumeStore store, long block, long place) {
        live(store).put(block, place);
    }

    private long storedBytes() {
        return hosts.directory().all().stream().mapToLong(ChunkRecord::lengthBytes).sum();
    }

    @Test
    void cleaningGivesSpaceBackAndLosesNothing() {
        Random random = new Random(7);
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            BlockDevice volume = store.volume(0);
            for (int round = 0; round < 6; round++) {
                write(volume, random, 120);
                int snapshot = store.snapshot(0);
                write(volume, random, 60);
                while (store.clean() > 0) {
                    expect(volume);
                }
                store.deleteSnapshot(snapshot);
            }
            while (store.clean() > 0) {
                expect(volume);
            }
        }
        long useful = (long) BLOCKS * Volume.BLOCK_BYTES;
        assertTrue(storedBytes() < 5 * useful, "stored " + storedBytes() + " useful " + useful);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0));
        }
    }

    @Test
    void fragmentsOfALostHostAreRebuiltElsewhere() {
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            write(store.volume(0), new Random(8), 100);
        }
        hosts.link(2).become(Link.REFUSING);
        hosts.directory().offer(holder -> holder.host() != 2);
        for (ChunkRecord chunk : hosts.directory().all()) {
            for (int i = 0; i < chunk.holders().size(); i++) {
                if (chunk.holders().get(i).host() == 2) {
                    hosts.directory().reportLost(chunk.id(), 1 << i);
                }
            }
        }
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            assertEquals(0, store.repair(UNLIMITED));
            expect(store.volume(0));
        }
        assertTrue(hosts.directory().all().stream()
                .allMatch(chunk -> chunk.lostMask() == 0
                        && chunk.holders().stream().noneMatch(holder -> holder.host() == 2)));

        hosts.link(3).become(Link.REFUSING);
        try (VolumeStore store = VolumeFixture.open(runtime, 3)) {
            expect(store.volume(0));
        }
    }

    @Test
    void holderThatComesBackKeepsItsFragments() {
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            BlockDevice volume = store.volume(0);
            write(volume, new Random(9), 40);
            hosts.link(1).become(Link.DEAF);
            write(volume, new Random(10), 40);
        }
        hosts.link(1).become(Link.UP);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            assertEquals(0, store.repair(UNLIMITED));
            expect(store.volume(0));
        }
        assertTrue(hosts.directory().all().stream().allMatch(chunk -> chunk.lostMask() == 0));
    }

    @Test
    void mapsAreLoadedAndOnlyTheRestOfTheLogIsReplayed() {
        VolumeStore old = create(VolumeFixture.open(runtime, 1));
        write(old.volume(0), new Random(11), 50);
        old.checkpoint();
        old.checkpoint();
        write(old.volume(0), new Random(12), 5);
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            expect(store.volume(0));
            assertTrue(store.statistics().rowsReplayed() < 40, store.statistics().toString());
        }
        old.close();
    }

    private boolean isAll(ErasureProfile profile) {
        return hosts.directory().all().stream()
                .allMatch(chunk -> chunk.profile().parityStrips() == profile.parityStrips()
                        && (chunk.profile().dataStrips() == profile.dataStrips()
                                || chunk.profile().dataStrips() == 1));
    }

    @Test
    void whatWasWrittenBeforeAChangeOfProfileIsMovedToTheNewOne() {
        ErasureProfile next = new ErasureProfile(2, 2);
        Random random = new Random(16);
        int snapshot;
        int[] kept;
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            write(store.volume(0), random, 120);
            snapshot = store.snapshot(0);
            kept = model.now();
            model.snapshotTaken(snapshot, kept);
            write(store.volume(0), random, 60);
            store.checkpoint();
            assertEquals(0, store.formerProfileBytes());

            store.use(VolumeFixture.options(next));
            long before = store.formerProfileBytes();
            assertTrue(before >= (long) BLOCKS / 2 * Volume.BLOCK_BYTES, "before " + before);
            Await.until("all is of the new profile", () -> {
                store.recode();
                return store.formerProfileBytes() == 0;
            });
            assertEquals(0, store.recode());
            expect(store.volume(0));
            expectSnapshot(store, snapshot);
            assertTrue(store.check(true).isClean());
        }
        assertTrue(isAll(next), hosts.directory().all().toString());
        hosts.link(1).become(Link.REFUSING);
        hosts.link(3).become(Link.REFUSING);
        try (VolumeStore store = VolumeFixture.open(runtime, 2, VolumeFixture.options(next))) {
            expect(store.volume(0));
            expectSnapshot(store, snapshot);
        }
    }

    private void expectSnapshot(VolumeStore store, int snapshot) {
        ByteBuffer all = ByteBuffer.allocate(BLOCKS * Volume.BLOCK_BYTES);
        store.snapshotDevice(snapshot).read(0, all);
        assertEquals(null, model.promise().checkSnapshot(snapshot, all.flip()));
    }

    @Test
    void whatWasWrittenWithTooFewHostsGetsTheFullProfileOnceTheyAreThere() {
        ErasureProfile full = new ErasureProfile(2, 2);
        LogOptions options = VolumeFixture.options(full).withProfile(full, 0);
        hosts.directory().offer(holder -> holder.host() <= 2);
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1, options))) {
            write(store.volume(0), new Random(17), 80);
            assertTrue(store.formerProfileBytes() > 0);
            assertEquals(0, store.recode());
            assertTrue(store.isShortOfHolders());
            assertTrue(store.formerProfileBytes() > 0);

            hosts.directory().offer(_ -> true);
            Await.until("all is of the full profile", () -> {
                store.recode();
                return store.formerProfileBytes() == 0;
            });
            assertFalse(store.isShortOfHolders());
            expect(store.volume(0));
        }
        assertTrue(isAll(full), hosts.directory().all().toString());
    }

    @Test
    void upkeepMovesToTheNewProfileByItself() {
        ErasureProfile next = new ErasureProfile(1, 2);
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            write(store.volume(0), new Random(18), 40);
            store.use(VolumeFixture.options(next));
            assertTrue(store.isRecoding());
            Await.until("all is of the new profile", () -> store.statistics().formerProfileBytes() == 0);
            expect(store.volume(0));
            assertFalse(store.isRecoding());
        }
    }

    @Test
    void checkFindsWhatDoesNotFitAndNothingElse() {
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            write(store.volume(0), new Random(13), 60);
            store.snapshot(0);
            write(store.volume(0), new Random(14), 30);
            CheckReport clean = store.check(true);
            assertTrue(clean.isClean(), clean.toString());
            assertTrue(clean.blocksChecked() >= BLOCKS / 2, clean.toString());

            damage(store, 10, BlockPlace.of(9_999, 0, 0, 0));
            damage(store, 11, BlockPlace.of(0, 60_000, 0, 0));
            long other = live(store).get(13);
            damage(store, 12, other);
            List<CheckReport.Kind> kinds =
                    store.check(false).findings().stream().map(CheckReport.Finding::kind).sorted().toList();
            assertEquals(
                    List.of(
                            CheckReport.Kind.NO_CHUNK,
                            CheckReport.Kind.BEYOND,
                            CheckReport.Kind.OTHER_BLOCK),
                    kinds);
        }
    }

    @Test
    void damageThatAReaderMeetsIsRepaired() {
        try (VolumeStore store = create(VolumeFixture.open(runtime, 1))) {
            write(store.volume(0), new Random(15), 60);
        }
        hosts.disk(1).list().stream()
                .filter(file -> file.startsWith("segment"))
                .forEach(file -> {
                    for (long position = 60_000; position < 1_000_000; position += 50_000) {
                        hosts.disk(1).flipBit(file, position, 3);
                    }
                });
        try (VolumeStore store = VolumeFixture.open(runtime, 2)) {
            // A read that goes round a slow host does not see what is damaged there.
            Await.until("a reader has met the damage", () -> {
                expect(store.volume(0));
                store.upkeep().step();
                return hosts.directory().all().stream().anyMatch(chunk -> chunk.lostMask() != 0);
            });
            assertEquals(0, store.repair(UNLIMITED));
            expect(store.volume(0));
        }
    }
}
