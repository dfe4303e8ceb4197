package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Five nodes in five network namespaces: the leader is cut off with one other, then cuts and troubles of
/// every kind are drawn from the seed. Writes go on in every majority; a minority accepts nothing.
public final class PartitionScenario implements Scenario {
    private static final int FAULT_COUNT = 12;

    @Override
    public String title() {
        return "Network broken in every way";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 5, List.of(Capability.TAP)).play(stage, means -> means.hasNetwork()
                ? List.of(new NetworkFaults(stage.faultsOr(FAULT_COUNT), means.hasTroubles()))
                : List.of());
    }
}
