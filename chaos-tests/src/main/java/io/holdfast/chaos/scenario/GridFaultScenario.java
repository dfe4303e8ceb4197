package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The grid loses all copies of partitions, is started anew, and is split, again and again: afterwards it
/// lacks nothing, has nothing older than the ledger, and a minority was given nothing.
public final class GridFaultScenario implements Scenario {
    private static final int ROUND_COUNT = 3;

    @Override
    public String title() {
        return "Grid lost, restarted and split";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of(Capability.TAP)).play(stage,
                means -> List.of(new GridFaults(stage.faultsOr(ROUND_COUNT), means.hasNetwork())));
    }
}
