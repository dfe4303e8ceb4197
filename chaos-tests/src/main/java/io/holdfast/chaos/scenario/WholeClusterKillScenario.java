package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// Every process is killed at once, and with them the whole grid: started again, the cluster serves with all
/// that was acknowledged, and nobody lifts a hand.
public final class WholeClusterKillScenario implements Scenario {
    private static final int KILL_COUNT = 2;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public String title() {
        return "Whole cluster killed";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        ClusterPlan plan = ClusterPlan.onLoopback(stage.executable(), stage.folder(), 3);
        try (TestCluster cluster = TestCluster.open(plan);
                ClusterDrama drama = ClusterDrama.begin(cluster, stage)) {
            for (int kill = 0; kill < KILL_COUNT * stage.scale(); kill++) {
                drama.injector().inject(new KillFault(cluster.nodes()), () -> {});
                drama.noteStall();
                cluster.awaitReady(cluster.nodes(), READY_LIMIT);
            }
            return drama.end(this, stage);
        }
    }
}
