package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// All faults on one cluster under all workloads for as long as one likes: three nodes and a guest that
/// joins and leaves, in windows of less than three minutes. Each window ends with the death of the whole
/// cluster; then it is judged and forgotten, so that an hour takes no more memory than ten minutes.
public final class SoakScenario implements Scenario {
    private static final int MINUTES = 60;

    @Override
    public String title() {
        return "Soak";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        ScenarioStage soak = stage.minutes() > 0 ? stage : stage.lasting(MINUTES);
        return new Production(this, 3, 1, List.of(Capability.TAP, Capability.STRACE, Capability.FAKETIME))
                .play(soak, (cluster, means, skips) -> {
                    try (SoakRun run = SoakRun.begin(cluster, soak, means, skips)) {
                        return run.play(title());
                    }
                });
    }
}
