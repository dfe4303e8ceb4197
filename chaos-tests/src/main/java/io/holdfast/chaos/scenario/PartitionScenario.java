package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.fault.NetworkFault;
import io.holdfast.chaos.network.SandboxNetwork;
import io.holdfast.chaos.network.WireKind;
import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;

/// Five nodes in five network namespaces: the leader is cut off with one other, then cuts and troubles
/// of every
/// kind are drawn from the seed. Writes go on in every majority; a minority accepts nothing.
public final class PartitionScenario implements Scenario {
    private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4", "node-5");
    private static final int FAULT_COUNT = 12;
    private static final Duration FAULT_MAX = Duration.ofSeconds(3);
    private static final Duration FLAP = Duration.ofMillis(300);

    @Override
    public String title() {
        return "Network broken in every way";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        SplittableRandom random = new SplittableRandom(stage.seed());
        try (SandboxNetwork network = SandboxNetwork.open(NODES, WireKind.SWITCH, stage.seed());
                TestCluster cluster = TestCluster.open(
                        ClusterPlan.in(network, NODES, stage.executable(), stage.folder()));
                ClusterDrama drama = ClusterDrama.begin(cluster, stage)) {
            String leader = drama.leader();
            List<String> others = NODES.stream().filter(node -> !node.equals(leader)).toList();
            NetworkFault split = NetworkFault.partition(
                    List.of(List.of(leader, others.getFirst()), others.subList(1, others.size())));
            drama.injector().inject(split, drama::noteStall);
            drama.injector().run(FaultPlan.flapping(split, 4, FLAP, FLAP));
            List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.cuts());
            kinds.addAll(FaultKinds.troubles());
            drama.injector().run(FaultPlan.random(
                    random, NODES, kinds, FAULT_COUNT * stage.scale(), FAULT_MAX));
            drama.awaitChange();
            return drama.end(this, stage);
        }
    }
}
