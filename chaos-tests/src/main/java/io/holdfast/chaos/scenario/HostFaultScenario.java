package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Processes end or stand still, disks crawl, a node dies in the middle of a flush, clocks jump by an hour.
public final class HostFaultScenario implements Scenario {
    private static final int FAULT_COUNT = 7;

    @Override
    public String title() {
        return "Hosts broken in every way";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of(Capability.STRACE, Capability.FAKETIME))
                .play(stage, means -> List.of(new HostFaults(
                        stage.faultsOr(FAULT_COUNT), means.hasDisks(), means.hasClocks())));
    }
}
