package io.holdfast.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.network.Link;
import io.holdfast.chaos.network.LinkCondition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkFaultTest {
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    private static Set<String> heardBy(String node, NetworkFault fault, List<String> nodes) {
        Set<String> heard = new HashSet<>(Set.of(node));
        for (String other : nodes) {
            if (!other.equals(node) && !fault.conditions().containsKey(new Link(other, node))) {
                heard.add(other);
            }
        }
        return heard;
    }

    @Test
    void partitionCutsBetweenGroupsInBothDirections() {
        NetworkFault fault = NetworkFault.partition(List.of(List.of("a", "b"), List.of("c", "d", "e")));
        assertEquals(Set.of("a", "b"), heardBy("a", fault, FIVE));
        assertEquals(Set.of("c", "d", "e"), heardBy("d", fault, FIVE));
        assertEquals(6, fault.deadPairs().size());
    }

    @Test
    void oneWayCutLeavesTheOtherWayOpen() {
        NetworkFault fault = NetworkFault.oneWay(List.of("a"), List.of("b"));
        assertEquals(Set.of(new Link("a", "b")), fault.conditions().keySet());
        assertEquals(List.of(), fault.deadPairs());
    }

    @Test
    void isolatedNodeHearsOnlyItself() {
        NetworkFault fault = NetworkFault.isolation("c", FIVE);
        assertEquals(Set.of("c"), heardBy("c", fault, FIVE));
        assertEquals(Set.of("a", "b", "d", "e"), heardBy("a", fault, FIVE));
    }

    @Test
    void ringGivesEveryNodeADifferentMajority() {
        for (int count = 5; count <= 9; count += 2) {
            List<String> nodes = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
            NetworkFault fault = NetworkFault.ring(nodes);
            Set<Set<String>> majorities = new HashSet<>();
            for (String node : nodes) {
                Set<String> heard = heardBy(node, fault, nodes);
                assertTrue(heard.size() > count / 2 && heard.size() < count, node + " hears " + heard);
                majorities.add(heard);
            }
            assertEquals(count, majorities.size());
        }
    }

    @Test
    void bridgeNodeSeesBothHalves() {
        NetworkFault fault = NetworkFault.bridge(FIVE);
        assertEquals(Set.copyOf(FIVE), heardBy("c", fault, FIVE));
        assertEquals(Set.of("a", "b", "c"), heardBy("a", fault, FIVE));
        assertEquals(Set.of("c", "d", "e"), heardBy("e", fault, FIVE));
    }

    @Test
    void troublesReachEveryLinkOrThoseOfOneNode() {
        assertEquals(20, NetworkFault.everywhere("loss", LinkCondition.lossy(1), FIVE).conditions().size());
        assertEquals(8, NetworkFault.around("a", "loss", LinkCondition.lossy(1), FIVE).conditions().size());
    }
}
