package io.holdfast.hostio.blockmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class MapVersionTest {
    private static final long BLOCKS = 3L << 18;
    private static final long SEED = Long.getLong("holdfast.seed", 7);

    private final SplittableRandom random = new SplittableRandom(SEED);

    private static void expect(Map<Long, Long> expected, MapVersion version) {
        expected.forEach((block, place) -> assertEquals(place, version.get(block), "seed " + SEED));
        assertEquals(expected.values().stream().filter(place -> place != 0).count(), version.mappedCount());
    }

    private void change(MapVersion version, Map<Long, Long> model, int changes) {
        for (int i = 0; i < changes; i++) {
            long block = random.nextLong(BLOCKS / 64) * (1 + random.nextInt(60));
            if (random.nextInt(8) == 0) {
                int count = 1 + random.nextInt(2_000);
                version.clear(block, count, (cleared, before) -> assertEquals(model.get(cleared), before));
                for (long cleared = block; cleared < block + count; cleared++) {
                    model.computeIfPresent(cleared, (_, _) -> 0L);
                }
            } else {
                long place = 1 + random.nextLong(Long.MAX_VALUE - 1);
                long before = version.put(block, place);
                assertEquals(model.getOrDefault(block, 0L), before, "seed " + SEED);
                model.put(block, place);
            }
        }
    }

    @Test
    void versionsKeepWhatTheyWereWhileTheLiveOneChanges() {
        MapVersion live = MapVersion.empty(1);
        Map<Long, Long> model = new HashMap<>();
        List<MapVersion> pinned = new ArrayList<>();
        List<Map<Long, Long>> models = new ArrayList<>();
        for (int generation = 2; generation < 12; generation++) {
            change(live, model, 400);
            pinned.add(live);
            models.add(new HashMap<>(model));
            live = live.fork(generation);
        }
        change(live, model, 400);

        expect(model, live);
        for (int i = 0; i < pinned.size(); i++) {
            expect(models.get(i), pinned.get(i));
        }
        differencesAreThoseOfTheModels(pinned.get(3), models.get(3), live, model);
    }

    private static void differencesAreThoseOfTheModels(
            MapVersion older, Map<Long, Long> olderModel, MapVersion newer, Map<Long, Long> newerModel) {
        TreeSet<Long> expected = new TreeSet<>();
        newerModel.forEach((block, place) -> {
            if (!place.equals(olderModel.getOrDefault(block, 0L))) {
                expected.add(block);
            }
        });
        List<Long> found = new ArrayList<>();
        MapVersion.differences(older, newer, 0, (block, _) -> found.add(block));
        assertEquals(new ArrayList<>(expected), found);
    }

    @Test
    void nextFindsEveryBoundary() {
        MapVersion version = MapVersion.empty(1);
        version.put(5, 1);
        version.put(6, 1);
        version.put(600_000, 1);

        assertEquals(5, version.next(true, 0, BLOCKS));
        assertEquals(7, version.next(false, 5, BLOCKS));
        assertEquals(600_000, version.next(true, 7, BLOCKS));
        assertEquals(BLOCKS, version.next(true, 600_001, BLOCKS));
        assertEquals(6, version.next(false, 5, 6));
        assertEquals(BLOCKS, MapVersion.empty(1).next(true, 0, BLOCKS));
    }

    @Test
    void blockThatMovesMovesInAllVersionsThatShareIt() {
        MapVersion base = MapVersion.empty(1);
        base.put(7, 70);
        MapVersion live = base.fork(2);
        live.put(8, 80);

        assertTrue(base.relocate(7, 70, 71));
        assertTrue(live.relocate(7, 70, 71));

        assertEquals(71, base.get(7));
        assertEquals(71, live.get(7));
        assertEquals(0, base.get(8));
    }

    @Test
    void pageComesBackAsItWasStored() {
        MapVersion version = MapVersion.empty(3);
        version.put(511, 9);
        version.put(512, 10);
        MapPage page = version.page(1);
        ByteBuffer image = ByteBuffer.allocate(MapPage.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(page != null && page.isDirty());
        page.encode(image);

        MapVersion loaded = MapVersion.empty(3);
        loaded.adopt(MapPage.decode(3, 1, image));

        assertEquals(10, loaded.get(512));
        assertEquals(0, loaded.get(511));
    }

    @Test
    void tableKeepsWhatAModelKeeps() {
        LongTable table = new LongTable(4);
        Map<Long, Long> model = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            long key = random.nextLong(500) * 4096;
            if (random.nextInt(3) == 0) {
                long value = model.getOrDefault(key, -1L);
                assertEquals(model.remove(key) != null, table.remove(key, value));
            } else {
                table.put(key, i);
                model.put(key, (long) i);
            }
            assertEquals(model.size(), table.count());
        }
        model.forEach((key, value) -> assertEquals(value, table.get(key)));
        table.forEach((key, value) -> assertEquals(model.get(key), value));
    }

    @Test
    void mapTakesLittleMoreThanEightBytesPerBlock() {
        MapVersion version = MapVersion.empty(1);
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        long before = runtime.totalMemory() - runtime.freeMemory();
        long blocks = 2L << 20;
        for (long block = 0; block < blocks; block++) {
            version.put(block, block + 1);
        }
        runtime.gc();
        long bytes = runtime.totalMemory() - runtime.freeMemory() - before;
        assertTrue(bytes < blocks * 12, "bytes per block: " + (double) bytes / blocks);
        assertEquals(blocks, version.mappedCount());
    }
}
