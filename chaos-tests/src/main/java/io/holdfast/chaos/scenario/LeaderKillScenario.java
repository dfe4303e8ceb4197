package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.TestCluster;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The leader is killed with -9 under load, again and again: nothing acknowledged is lost, nothing is done
/// twice, the grid is complete, and the next leader is there soon.
public final class LeaderKillScenario implements Scenario {
    private static final int KILL_COUNT = 10;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public String title() {
        return "Leader killed under load";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        ClusterPlan plan = ClusterPlan.onLoopback(stage.executable(), stage.folder(), 3);
        try (TestCluster cluster = TestCluster.open(plan);
                ClusterDrama drama = ClusterDrama.begin(cluster, stage)) {
            for (int kill = 0; kill < KILL_COUNT * stage.scale(); kill++) {
                String leader = drama.leader();
                drama.injector().inject(new KillFault(List.of(leader)), drama::noteStall);
                cluster.awaitReady(List.of(leader), READY_LIMIT);
            }
            return drama.end(this, stage);
        }
    }
}
