package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/// A story of faults. Has a constructor without parameters, by which it is found from its name.
public interface Scenario {
    /// Names the scenario in reports.
    String title();

    /// Plays it and returns what came of it.
    RunReport play(ScenarioStage stage)
            throws IOException, InterruptedException, TimeoutException;
}
