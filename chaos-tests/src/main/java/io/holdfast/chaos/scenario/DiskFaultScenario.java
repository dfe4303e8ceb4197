package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// One node's disk at a time fails, fills up, turns read-only or gives back something else than was written,
/// and nodes get no memory: what was acknowledged is read as it was written, and the node comes back.
public final class DiskFaultScenario implements Scenario {
    private static final int FAULT_COUNT = 10;

    @Override
    public String title() {
        return "Disks broken in every way";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of(Capability.STRACE)).play(stage,
                means -> List.of(new DiskFaults(stage.faultsOr(FAULT_COUNT), means.hasDisks())));
    }
}
