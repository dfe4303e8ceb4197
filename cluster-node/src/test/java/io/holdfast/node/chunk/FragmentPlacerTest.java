package io.holdfast.node.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile.Spread;
import io.holdfast.node.chunk.FragmentPlacer.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FragmentPlacerTest {
    private final FragmentPlacer placer = new FragmentPlacer(new SplittableRandom(7));

    private static Candidate candidate(int node, int disk, String zone, long free) {
        return new Candidate(new FragmentPlace(node, disk), zone, free);
    }

    @Test
    void noTwoFragmentsShareAFailurePlace() {
        List<Candidate> disks = new ArrayList<>();
        for (int node = 1; node <= 4; node++) {
            disks.add(candidate(node, 0, "z", 100));
            disks.add(candidate(node, 1, "z", 100));
        }
        for (int i = 0; i < 200; i++) {
            Set<Integer> nodes = new HashSet<>();
            placer.choose(3, Spread.NODE, disks, List.of()).forEach(place -> nodes.add(place.node()));
            assertEquals(3, nodes.size());
        }
        assertEquals(4, placer.choose(9, Spread.NODE, disks, List.of()).size());
        assertEquals(8, placer.choose(9, Spread.DISK, disks, List.of()).size());
        List<FragmentPlace> taken = List.of(new FragmentPlace(1, 0), new FragmentPlace(2, 0));
        for (int i = 0; i < 50; i++) {
            int node = placer.choose(1, Spread.NODE, disks, taken).getFirst().node();
            assertTrue(node == 3 || node == 4);
        }
    }

    @Test
    void zonesAreKeptApartWhereThereAreEnough() {
        List<Candidate> disks = List.of(
                candidate(1, 0, "a", 1_000_000),
                candidate(2, 0, "a", 1_000_000),
                candidate(3, 0, "b", 10),
                candidate(4, 0, "c", 10));
        for (int i = 0; i < 50; i++) {
            List<Integer> nodes =
                    placer.choose(3, Spread.NODE, disks, List.of()).stream().map(FragmentPlace::node)
                            .toList();
            assertTrue(nodes.contains(3) && nodes.contains(4), nodes.toString());
            int spare = placer.choose(1, Spread.NODE, disks,
                    List.of(new FragmentPlace(1, 0), new FragmentPlace(3, 0))).getFirst().node();
            assertEquals(4, spare);
        }
    }

    @Test
    void aDiskWithMoreRoomIsTakenMoreOften() {
        List<Candidate> disks = List.of(candidate(1, 0, "z", 300), candidate(2, 0, "z", 100));
        int first = 0;
        for (int i = 0; i < 4_000; i++) {
            first += placer.choose(1, Spread.NODE, disks, List.of()).getFirst().node() == 1 ? 1 : 0;
        }
        assertEquals(3_000, first, 200);
    }
}
