package io.holdfast.chaos.fault;

import io.holdfast.chaos.network.LinkCondition;
import java.util.List;

/// The kinds of faults from which plans are drawn.
public final class FaultKinds {
    private FaultKinds() {}

    /// Cuts that every kind of wire can do.
    public static List<FaultPlan.Kind> cuts() {
        return List.of(
                choice -> NetworkFault.partition(choice.split()),
                choice -> NetworkFault.isolation(choice.one(), choice.nodes()),
                FaultKinds::oneWay,
                choice -> NetworkFault.ring(choice.shuffled()),
                choice -> NetworkFault.bridge(choice.shuffled()),
                FaultKinds::halfOpen,
                choice -> NetworkFault.everywhere("20 % loss", LinkCondition.lossy(200), choice.nodes()));
    }

    /// Troubles that only the switch can make.
    public static List<FaultPlan.Kind> troubles() {
        return List.of(
                choice -> NetworkFault.everywhere(
                        "20 ms delay and as much jitter", LinkCondition.slow(20_000, 20_000), choice.nodes()),
                choice -> NetworkFault.around(
                        choice.one(), "200 ms delay", LinkCondition.slow(200_000, 0), choice.nodes()),
                choice -> NetworkFault.everywhere(
                        "10 % duplicates, 2 % damaged", LinkCondition.unreliable(100, 20), choice.nodes()),
                choice -> NetworkFault.around(
                        choice.one(), "1 Mbit/s", LinkCondition.narrow(1_000_000), choice.nodes()));
    }

    /// Processes that end or stand still, never so many that no majority is left.
    public static List<FaultPlan.Kind> processes() {
        return List.of(
                choice -> new KillFault(List.of(choice.one())),
                choice -> new KillFault(choice.minority()),
                choice -> new FreezeFault(choice.minority()));
    }

    /// Every process at once.
    public static FaultPlan.Kind wholeCluster() {
        return choice -> new KillFault(choice.nodes());
    }

    /// Disks under one node that crawl, or that it dies on in the middle of a flush.
    public static List<FaultPlan.Kind> disks() {
        return List.of(
                choice -> SystemCallFault.slowFlush(choice.one(), 100_000),
                choice -> SystemCallFault.killAtFlush(choice.one(), 1 + choice.random().nextInt(20)));
    }

    /// Disks under one node that fail, fill up or may no longer be written.
    public static List<FaultPlan.Kind> brokenDisks() {
        return List.of(
                choice -> SystemCallFault.failingFlush(choice.one()),
                choice -> SystemCallFault.diskFull(choice.one()),
                choice -> SystemCallFault.readOnlyDisk(choice.one()),
                choice -> SystemCallFault.flakyWrites(choice.one(), 2 + choice.random().nextInt(50)));
    }

    /// Nodes that stand still, and that get neither descriptors nor memory.
    public static List<FaultPlan.Kind> starvation() {
        return List.of(
                choice -> new FreezeFault(choice.minority()),
                choice -> new DescriptorFault(choice.one(), 64),
                choice -> new MemoryFault(choice.one()));
    }

    /// Wrong clocks.
    public static List<FaultPlan.Kind> clocks() {
        return List.of(
                choice -> new ClockFault(choice.one(), 3_600),
                choice -> new ClockFault(choice.one(), -3_600));
    }

    private static Fault oneWay(Choice choice) {
        List<List<String>> groups = choice.split();
        return NetworkFault.oneWay(groups.getFirst(), groups.getLast());
    }

    private static Fault halfOpen(Choice choice) {
        List<String> order = choice.shuffled();
        return NetworkFault.halfOpen(order.get(0), order.get(1));
    }
}
