package io.holdfast.chaos.powercut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AftermathTest {
    private static final int SECTOR = Aftermath.SECTOR_BYTES;
    private static final int SECTORS = 16;

    private final DiskImage before = DiskImage.ofZeros((long) SECTORS * SECTOR);

    /// Fills so many sectors from one on.
    private static DiskEvent write(int sector, int count, int value) {
        byte[] bytes = new byte[count * SECTOR];
        Arrays.fill(bytes, (byte) value);
        return new DiskEvent.Write((long) sector * SECTOR, bytes);
    }

    /// What each sector holds; none is torn.
    private static List<Integer> sectors(DiskImage image) {
        List<Integer> values = new ArrayList<>();
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] bytes = image.read((long) sector * SECTOR, SECTOR);
            byte[] even = new byte[SECTOR];
            Arrays.fill(even, bytes[0]);
            assertArrayEquals(even, bytes);
            values.add((int) bytes[0]);
        }
        return values;
    }

    private List<Integer> after(List<DiskEvent> events, int position, Loss loss, long seed) {
        return sectors(Aftermath.of(before, events).of(new PowerCut(position, loss, seed))).subList(0, 4);
    }

    @Test
    void whatWasFlushedIsThereWhateverIsLost() {
        List<DiskEvent> events = List.of(
                write(0, 2, 1), write(1, 1, 2), new DiskEvent.Flush(), write(3, 1, 3));
        for (Loss loss : Loss.values()) {
            for (int seed = 0; seed < 20; seed++) {
                assertEquals(List.of(1, 2, 0, 0), after(events, 3, loss, seed));
            }
        }
    }

    @Test
    void nothingAfterTheCutIsThere() {
        List<DiskEvent> events = List.of(write(0, 1, 1), write(1, 1, 2), new DiskEvent.Flush());
        for (Loss loss : Loss.values()) {
            for (int seed = 0; seed < 20; seed++) {
                assertEquals(0, after(events, 1, loss, seed).get(1));
            }
        }
    }

    @Test
    void ofWhatWasNotFlushedAnyPartMayBeThere() {
        List<DiskEvent> events = List.of(
                write(0, 1, 9), new DiskEvent.Flush(), write(0, 2, 1), write(2, 1, 2));
        assertEquals(List.of(9, 0, 0, 0), after(events, 4, Loss.ALL, 1));
        assertEquals(List.of(1, 1, 2, 0), after(events, 4, Loss.NONE, 1));
        assertEquals(
                Set.of(List.of(9, 0, 0, 0), List.of(1, 0, 0, 0), List.of(1, 1, 0, 0), List.of(1, 1, 2, 0)),
                outcomes(events, Loss.AFTER_A_MOMENT));
        assertEquals(
                Set.of(List.of(9, 0, 0, 0), List.of(1, 1, 0, 0), List.of(9, 0, 2, 0), List.of(1, 1, 2, 0)),
                outcomes(events, Loss.ANY_WRITES));
        // Each of three sectors may be there or not.
        assertEquals(8, outcomes(events, Loss.ANY_SECTORS).size());
    }

    private Set<List<Integer>> outcomes(List<DiskEvent> events, Loss loss) {
        Set<List<Integer>> found = new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
        for (int seed = 0; seed < 500; seed++) {
            found.add(after(events, events.size(), loss, seed));
        }
        return found;
    }

    @Test
    void oneCutAfterTheOtherIsAsEachAlone() {
        List<DiskEvent> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(i % 7 == 6 ? new DiskEvent.Flush() : write(i % SECTORS, 1, i + 1));
        }
        List<PowerCut> cuts = new CutPlan(5, 60, List.of(20, 41, 99)).cuts(40, 3);
        assertEquals(40, cuts.size());
        Aftermath all = Aftermath.of(before, events);
        for (PowerCut cut : cuts) {
            assertTrue(cut.position() >= 5 && cut.position() <= 60, cut.toString());
            assertEquals(sectors(Aftermath.of(before, events).of(cut)), sectors(all.of(cut)));
        }
        assertTrue(cuts.stream().filter(cut -> cut.position() == 20 || cut.position() == 41).count() >= 20);
        assertEquals(cuts, new CutPlan(5, 60, List.of(20, 41, 99)).cuts(40, 3));
    }

    @Test
    void aForgetfulDiskIsAsItWasSomeFlushesAgo() {
        List<DiskEvent> events = List.of(write(0, 1, 1), new DiskEvent.Flush(), write(0, 1, 2),
                new DiskEvent.Flush(), write(0, 1, 3));
        PowerCut end = new PowerCut(5, Loss.NONE, 1);
        assertEquals(1, sectors(Aftermath.ofForgetfulDisk(before, events, 1).of(end)).getFirst());
        assertEquals(0, sectors(Aftermath.ofForgetfulDisk(before, events, 2).of(end)).getFirst());
        assertEquals(3, sectors(Aftermath.ofForgetfulDisk(before, events, 0).of(end)).getFirst());
    }
}
