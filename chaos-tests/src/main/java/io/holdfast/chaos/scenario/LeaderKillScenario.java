package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The leader is killed with -9 under load, again and again: nothing acknowledged is lost, nothing is done
/// twice, the grid is complete, and the next leader is there soon.
public final class LeaderKillScenario implements Scenario {
    private static final int KILL_COUNT = 10;

    @Override
    public String title() {
        return "Leader killed under load";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of())
                .play(stage, _ -> List.of(new LeaderKills(stage.faultsOr(KILL_COUNT))));
    }
}
