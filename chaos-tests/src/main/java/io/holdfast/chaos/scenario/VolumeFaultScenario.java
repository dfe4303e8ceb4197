package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The node that serves a volume is killed, frozen and cut off under writes: another one takes the volume
/// over with everything that was said to be safe, and the former one may no longer write.
public final class VolumeFaultScenario implements Scenario {
    private static final int FAULT_COUNT = 6;

    @Override
    public String title() {
        return "Volume taken over";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of(Capability.TAP)).play(stage,
                means -> List.of(new VolumeFaults(stage.faultsOr(FAULT_COUNT), means.hasNetwork())));
    }
}
