package io.holdfast.gridstate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.cluster.VoterPlan.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VoterPlanTest {
    @Test
    void anOddNumberVotes() {
        List<Integer> counts =
                IntStream.rangeClosed(0, 8).mapToObj(VoterPlan::voterCount).toList();
        assertEquals(List.of(0, 1, 1, 3, 3, 5, 5, 5, 5), counts);
    }

    @Test
    void zonesShareTheVotes() {
        List<Candidate> nodes = List.of(
                node("n1", "a"), node("n2", "a"), node("n3", "a"), node("n4", "b"), node("n5", "c"),
                node("n6", "c"));
        List<String> voters = VoterPlan.choose(nodes, Set.of());
        assertEquals(List.of("n1", "n2", "n4", "n5", "n6"), voters);
    }

    @Test
    void whoWantsToVoteGoesFirst() {
        List<Candidate> nodes = List.of(
                node("n1", "a"), node("n2", "b"), node("n3", "c"), new Candidate("n4", "a", true));
        assertTrue(VoterPlan.choose(nodes, Set.of("n1", "n2", "n3")).contains("n4"));
    }

    @Test
    void votersStayWhenNodesJoin() {
        List<Candidate> nodes = new ArrayList<>(List.of(node("n5", "z"), node("n6", "z"), node("n7", "z")));
        Set<String> voters = new HashSet<>(VoterPlan.choose(nodes, Set.of()));
        nodes.add(node("n1", "z"));
        assertEquals(voters, new HashSet<>(VoterPlan.choose(nodes, voters)));
        nodes.add(node("n2", "z"));
        assertTrue(VoterPlan.choose(nodes, voters).containsAll(voters));
    }

    @Test
    void theOrderOfTheNodesDoesNotMatter() {
        List<Candidate> nodes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            nodes.add(new Candidate("n" + i, "z" + i % 4, i % 5 == 0));
        }
        List<String> voters = VoterPlan.choose(nodes, Set.of("n3", "n7"));
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(nodes, random);
            assertEquals(voters, VoterPlan.choose(nodes, Set.of("n3", "n7")));
        }
        assertEquals(voters, VoterPlan.choose(nodes, new HashSet<>(voters)));
    }

    private static Candidate node(String name, String zone) {
        return new Candidate(name, zone, false);
    }
}
