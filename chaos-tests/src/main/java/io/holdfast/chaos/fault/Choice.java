package io.holdfast.chaos.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What the nodes of a fault are drawn from.
///
/// @param spoilt the one node that faults may take away now, so that a majority is left whatever comes
/// together; empty if it may be any
public record Choice(RandomGenerator random, List<String> nodes, Optional<String> spoilt) {
    public Choice {
        nodes = List.copyOf(nodes);
    }

    /// Any node.
    public static Choice of(RandomGenerator random, List<String> nodes) {
        return new Choice(random, nodes, Optional.empty());
    }

    /// One node.
    String one() {
        return spoilt.orElseGet(() -> nodes.get(random.nextInt(nodes.size())));
    }

    /// Fewer than half of them.
    List<String> minority() {
        return spoilt.isPresent()
                ? List.of(spoilt.get())
                : shuffled().subList(0, Math.max(1, (nodes.size() - 1) / 2));
    }

    /// Two groups, neither of them empty.
    List<List<String>> split() {
        List<String> order = shuffled();
        int at = spoilt.isPresent() ? 1 : 1 + random.nextInt(nodes.size() - 1);
        List<List<String>> groups = new ArrayList<>();
        groups.add(List.copyOf(order.subList(0, at)));
        groups.add(List.copyOf(order.subList(at, nodes.size())));
        if (random.nextBoolean()) {
            Collections.reverse(groups);
        }
        return List.copyOf(groups);
    }

    /// All of them in any order; the one that is spoilt stands first.
    List<String> shuffled() {
        List<String> order = new ArrayList<>(nodes);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        spoilt.filter(order::remove).ifPresent(order::addFirst);
        return order;
    }
}
