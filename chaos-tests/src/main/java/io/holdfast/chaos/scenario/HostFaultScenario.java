package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import io.holdfast.chaos.sandbox.Skips;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;

/// Processes end or stand still, disks crawl, a node dies in the middle of a flush, clocks jump by an hour.
public final class HostFaultScenario implements Scenario {
    private static final int FAULT_COUNT = 7;
    private static final Duration FAULT_MAX = Duration.ofSeconds(4);
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public String title() {
        return "Hosts broken in every way";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        Skips skips = new Skips();
        List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.processes());
        ClusterPlan plan = ClusterPlan.onLoopback(stage.executable(), stage.folder(), 3);
        if (skips.has(Capability.STRACE, "faults of disks")) {
            kinds.addAll(FaultKinds.disks());
        }
        if (skips.has(Capability.FAKETIME, "jumps of clocks")) {
            kinds.addAll(FaultKinds.clocks());
            plan = plan.withMovableClocks();
        }
        try (TestCluster cluster = TestCluster.open(plan);
                ClusterDrama drama = ClusterDrama.begin(cluster, stage)) {
            drama.skipped(skips.reasons());
            FaultPlan faults = FaultPlan.random(new SplittableRandom(stage.seed()), cluster.nodes(), kinds,
                    FAULT_COUNT * stage.scale(), FAULT_MAX);
            for (FaultPlan.Step step : faults.steps()) {
                drama.injector().run(new FaultPlan(List.of(step)));
                cluster.awaitReady(cluster.nodes(), READY_LIMIT);
            }
            return drama.end(this, stage);
        }
    }
}
