package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// A fourth and a fifth node join under load, are drained and shut out, alive and dead, start with an older
/// copy of what they kept, and join anew: nothing acknowledged is lost, and who forgot is refused.
public final class MembershipScenario implements Scenario {
    private static final int ROUND_COUNT = 3;
    private static final int GUEST_COUNT = 2;

    @Override
    public String title() {
        return "Nodes join and leave";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, GUEST_COUNT, List.of())
                .play(stage, _ -> List.of(new Memberships(stage.faultsOr(ROUND_COUNT))));
    }
}
