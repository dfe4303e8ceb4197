package io.holdfast.chaos.fault;

import io.holdfast.chaos.network.LinkCondition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// The kinds of faults from which plans are drawn.
public final class FaultKinds {
    private FaultKinds() {}

    /// Cuts that every kind of wire can do.
    public static List<FaultPlan.Kind> cuts() {
        return List.of(
                (random, nodes) -> NetworkFault.partition(split(random, nodes)),
                (random, nodes) -> NetworkFault.isolation(one(random, nodes), nodes),
                FaultKinds::oneWay,
                (random, nodes) -> NetworkFault.ring(shuffled(random, nodes)),
                (random, nodes) -> NetworkFault.bridge(shuffled(random, nodes)),
                FaultKinds::halfOpen,
                (random, nodes) -> NetworkFault.everywhere("20 % loss", LinkCondition.lossy(200), nodes));
    }

    /// Troubles that only the switch can make.
    public static List<FaultPlan.Kind> troubles() {
        return List.of(
                (random, nodes) -> NetworkFault.everywhere(
                        "20 ms delay and as much jitter", LinkCondition.slow(20_000, 20_000), nodes),
                (random, nodes) -> NetworkFault.around(
                        one(random, nodes), "200 ms delay", LinkCondition.slow(200_000, 0), nodes),
                (random, nodes) -> NetworkFault.everywhere(
                        "10 % duplicates, 2 % damaged", LinkCondition.unreliable(100, 20), nodes),
                (random, nodes) -> NetworkFault.around(
                        one(random, nodes), "1 Mbit/s", LinkCondition.narrow(1_000_000), nodes));
    }

    /// Processes that end or stand still, never so many that no majority is left.
    public static List<FaultPlan.Kind> processes() {
        return List.of(
                (random, nodes) -> new KillFault(List.of(one(random, nodes))),
                (random, nodes) -> new KillFault(minority(random, nodes)),
                (random, nodes) -> new FreezeFault(minority(random, nodes)));
    }

    /// Every process at once.
    public static FaultPlan.Kind wholeCluster() {
        return (_, nodes) -> new KillFault(nodes);
    }

    /// Disks under one node that crawl, or that it dies on in the middle of a flush.
    public static List<FaultPlan.Kind> disks() {
        return List.of(
                (random, nodes) -> SystemCallFault.slowFlush(one(random, nodes), 100_000),
                (random, nodes) -> SystemCallFault.killAtFlush(one(random, nodes), 1 + random.nextInt(20)));
    }

    /// Disks under one node that fail, fill up or may no longer be written.
    public static List<FaultPlan.Kind> brokenDisks() {
        return List.of(
                (random, nodes) -> SystemCallFault.failingFlush(one(random, nodes)),
                (random, nodes) -> SystemCallFault.diskFull(one(random, nodes)),
                (random, nodes) -> SystemCallFault.readOnlyDisk(one(random, nodes)),
                (random, nodes) -> SystemCallFault.flakyWrites(one(random, nodes), 2 + random.nextInt(50)));
    }

    /// Nodes that stand still, and that get neither descriptors nor memory.
    public static List<FaultPlan.Kind> starvation() {
        return List.of(
                (random, nodes) -> new FreezeFault(minority(random, nodes)),
                (random, nodes) -> new DescriptorFault(one(random, nodes), 64),
                (random, nodes) -> new MemoryFault(one(random, nodes)));
    }

    /// Wrong clocks.
    public static List<FaultPlan.Kind> clocks() {
        return List.of(
                (random, nodes) -> new ClockFault(one(random, nodes), 3_600),
                (random, nodes) -> new ClockFault(one(random, nodes), -3_600));
    }

    private static Fault oneWay(RandomGenerator random, List<String> nodes) {
        List<List<String>> groups = split(random, nodes);
        return NetworkFault.oneWay(groups.getFirst(), groups.getLast());
    }

    private static Fault halfOpen(RandomGenerator random, List<String> nodes) {
        List<String> order = shuffled(random, nodes);
        return NetworkFault.halfOpen(order.get(0), order.get(1));
    }

    private static String one(RandomGenerator random, List<String> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private static List<String> minority(RandomGenerator random, List<String> nodes) {
        return shuffled(random, nodes).subList(0, Math.max(1, (nodes.size() - 1) / 2));
    }

    private static List<List<String>> split(RandomGenerator random, List<String> nodes) {
        List<String> order = shuffled(random, nodes);
        int at = 1 + random.nextInt(nodes.size() - 1);
        return List.of(List.copyOf(order.subList(0, at)), List.copyOf(order.subList(at, nodes.size())));
    }

    private static List<String> shuffled(RandomGenerator random, List<String> nodes) {
        List<String> order = new ArrayList<>(nodes);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }
}
