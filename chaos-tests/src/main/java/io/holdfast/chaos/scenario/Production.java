package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.network.SandboxNetwork;
import io.holdfast.chaos.network.WireKind;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import io.holdfast.chaos.sandbox.Skips;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Acts on one cluster, played one after the other and judged together. Immutable.
///
/// @param nodeCount of the cluster
/// @param guestCount of nodes that may join it later
/// @param needs what the acts would like to have; what the host lacks is a skip
record Production(Scenario scenario, int nodeCount, int guestCount, List<Capability> needs) {
    Production {
        needs = List.copyOf(needs);
    }

    Production(Scenario scenario, int nodeCount, List<Capability> needs) {
        this(scenario, nodeCount, 0, needs);
    }

    /// What this host can do of what the acts would like.
    record Means(boolean hasNetwork, boolean hasTroubles, boolean hasDisks, boolean hasClocks) {}

    /// Chooses acts once it is known what can be done.
    @FunctionalInterface
    interface Program {
        List<Act> acts(Means means);
    }

    /// What is played on a cluster once it is ready.
    @FunctionalInterface
    interface Play {
        RunReport on(TestCluster cluster, Means means, List<String> skips)
                throws IOException, InterruptedException, TimeoutException;
    }

    RunReport play(ScenarioStage stage, Program program)
            throws IOException, InterruptedException, TimeoutException {
        return play(stage, (cluster, means, skips) -> {
            try (ClusterDrama drama = ClusterDrama.begin(cluster, stage)) {
                drama.skipped(skips);
                for (Act act : program.acts(means)) {
                    act.play(drama);
                }
                return drama.end(scenario, stage);
            }
        });
    }

    RunReport play(ScenarioStage stage, Play play)
            throws IOException, InterruptedException, TimeoutException {
        Skips skips = new Skips();
        Means means = means(skips);
        List<String> nodes = new ArrayList<>();
        for (int number = 1; number <= nodeCount + guestCount; number++) {
            nodes.add("node-" + number);
        }
        if (!means.hasNetwork()) {
            ClusterPlan plan = ClusterPlan.onLoopback(stage.executable(), stage.folder(), nodes.size());
            return play(plan, means, play, skips);
        }
        WireKind wire = means.hasTroubles() ? WireKind.SWITCH : WireKind.BRIDGE;
        try (SandboxNetwork network = SandboxNetwork.open(nodes, wire, stage.seed())) {
            ClusterPlan plan = ClusterPlan.in(network, nodes, stage.executable(), stage.folder());
            return play(plan, means, play, skips);
        }
    }

    private RunReport play(ClusterPlan plan, Means means, Play play, Skips skips)
            throws IOException, InterruptedException, TimeoutException {
        ClusterPlan all = means.hasClocks() ? plan.withMovableClocks() : plan;
        try (TestCluster cluster = TestCluster.open(all, nodeCount)) {
            return play.on(cluster, means, skips.reasons());
        }
    }

    private Means means(Skips skips) throws IOException, InterruptedException {
        boolean hasTroubles = has(Capability.TAP, skips);
        boolean hasBridge = !hasTroubles && has(Capability.BRIDGE, skips)
                && has(Capability.PACKET_FILTER, skips);
        return new Means(hasTroubles || hasBridge, hasTroubles, has(Capability.STRACE, skips),
                has(Capability.FAKETIME, skips));
    }

    private boolean has(Capability capability, Skips skips) throws IOException, InterruptedException {
        return needs.contains(capability) && skips.has(capability, title(capability));
    }

    private static String title(Capability capability) {
        return switch (capability) {
            case TAP -> "delays, duplicates and damage on the network";
            case BRIDGE, PACKET_FILTER -> "cuts of the network";
            case STRACE -> "faults of disks";
            case FAKETIME -> "jumps of clocks";
            case NAMESPACES, USER_NAMESPACES -> "sandboxes";
            case EXT4, XFS -> "power cuts";
        };
    }
}
