package io.holdfast.chaos.fault;

import io.holdfast.chaos.network.Link;
import io.holdfast.chaos.network.LinkCondition;
import io.holdfast.chaos.network.LinkFaults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Something wrong with the links between nodes. Immutable.
public record NetworkFault(String describe, Map<Link, LinkCondition> conditions) implements Fault {
    public NetworkFault {
        conditions = Map.copyOf(conditions);
    }

    /// Nothing passes between the groups, everything within each.
    public static NetworkFault partition(List<List<String>> groups) {
        Map<Link, LinkCondition> conditions = new HashMap<>();
        for (List<String> from : groups) {
            for (List<String> to : groups) {
                if (!from.equals(to)) {
                    cut(conditions, from, to);
                }
            }
        }
        return new NetworkFault("partition " + groups, conditions);
    }

    /// What one group sends to the other vanishes; the other way is open.
    public static NetworkFault oneWay(Collection<String> from, Collection<String> to) {
        Map<Link, LinkCondition> conditions = new HashMap<>();
        cut(conditions, from, to);
        return new NetworkFault("one-way cut " + from + " to " + to, conditions);
    }

    /// One node alone.
    public static NetworkFault isolation(String node, Collection<String> nodes) {
        List<String> others = nodes.stream().filter(other -> !other.equals(node)).toList();
        return new NetworkFault("isolation of " + node,
                partition(List.of(List.of(node), others)).conditions());
    }

    /// Every node sees a majority, and no two see the same one: each keeps its nearest neighbours on a ring.
    public static NetworkFault ring(List<String> nodes) {
        int count = nodes.size();
        // On each side so many that they and the node itself are a majority.
        int reach = (count / 2 + 1) / 2;
        Map<Link, LinkCondition> conditions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                int distance = Math.floorMod(j - i, count);
                if (Math.min(distance, count - distance) > reach) {
                    conditions.put(new Link(nodes.get(i), nodes.get(j)), LinkCondition.CUT);
                }
            }
        }
        return new NetworkFault("ring of overlapping majorities " + nodes, conditions);
    }

    /// Two halves that do not see each other, and one node that sees both.
    public static NetworkFault bridge(List<String> nodes) {
        int middle = nodes.size() / 2;
        List<String> left = nodes.subList(0, middle);
        List<String> right = nodes.subList(middle + 1, nodes.size());
        return new NetworkFault("bridge over " + nodes.get(middle) + " between " + left + " and " + right,
                partition(List.of(left, right)).conditions());
    }

    /// Connections between the two can be used but not ended: each side's close never arrives.
    public static NetworkFault halfOpen(String one, String other) {
        Link link = new Link(one, other);
        return new NetworkFault("half-open " + one + " and " + other,
                Map.of(link, LinkCondition.HALF_OPEN, link.reversed(), LinkCondition.HALF_OPEN));
    }

    /// The same on every link.
    public static NetworkFault everywhere(String description, LinkCondition condition, List<String> nodes) {
        Map<Link, LinkCondition> conditions = new HashMap<>();
        for (String from : nodes) {
            for (String to : nodes) {
                if (!from.equals(to)) {
                    conditions.put(new Link(from, to), condition);
                }
            }
        }
        return new NetworkFault(description + " on all links", conditions);
    }

    /// The same on both directions of all links of one node.
    public static NetworkFault around(
            String node, String description, LinkCondition condition, List<String> nodes) {
        Map<Link, LinkCondition> conditions = new HashMap<>();
        for (String other : nodes) {
            if (!other.equals(node)) {
                conditions.put(new Link(node, other), condition);
                conditions.put(new Link(other, node), condition);
            }
        }
        return new NetworkFault(description + " around " + node, conditions);
    }

    private static void cut(
            Map<Link, LinkCondition> conditions, Collection<String> from, Collection<String> to) {
        for (String sender : from) {
            for (String receiver : to) {
                conditions.put(new Link(sender, receiver), LinkCondition.CUT);
            }
        }
    }

    /// The pairs of nodes of which neither hears the other, for tests and reports.
    public List<Link> deadPairs() {
        List<Link> dead = new ArrayList<>();
        conditions.forEach((link, condition) -> {
            LinkCondition back = conditions.getOrDefault(link.reversed(), LinkCondition.GOOD);
            if (condition.passesNothing() && back.passesNothing() && link.from().compareTo(link.to()) < 0) {
                dead.add(link);
            }
        });
        return dead;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException, InterruptedException {
        LinkFaults links = site.links()
                .orElseThrow(() -> new UnsupportedOperationException("no network that could be broken"));
        LinkFaults.Laid laid = links.lay(conditions);
        return laid::remove;
    }
}
