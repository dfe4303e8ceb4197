package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Every process is killed at once, and with them the whole grid: started again, the cluster serves with all
/// that was acknowledged, and nobody lifts a hand.
public final class WholeClusterKillScenario implements Scenario {
    private static final int KILL_COUNT = 3;

    @Override
    public String title() {
        return "Whole cluster killed";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of())
                .play(stage, _ -> List.of(new WholeClusterKills(stage.faultsOr(KILL_COUNT))));
    }
}
