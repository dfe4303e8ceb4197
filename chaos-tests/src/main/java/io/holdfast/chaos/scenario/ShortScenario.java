package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// A little of every scenario on one cluster of three nodes, short enough for each build.
public final class ShortScenario implements Scenario {
    private static final int VOLUME_FAULT_COUNT = 1;
    private static final int LEADER_KILL_COUNT = 3;
    /// A run that looks at less has proven little.
    private static final long CHECKED_COUNT_MIN = 100_000;
    private static final Duration MIXED = Duration.ofSeconds(45);
    private static final Map<FaultMix.Family, Integer> MIXED_COUNTS = Map.of(
            FaultMix.Family.NETWORK, 21,
            FaultMix.Family.KILL, 8,
            FaultMix.Family.DISK, 10,
            FaultMix.Family.HOST, 6);

    @Override
    public String title() {
        return "Everything once";
    }

    @Override
    public RunReport play(ScenarioStage stage) throws IOException, InterruptedException, TimeoutException {
        return new Production(this, 3, List.of(Capability.TAP, Capability.STRACE, Capability.FAKETIME))
                .play(stage, ShortScenario::acts);
    }

    private static List<Act> acts(Production.Means means) {
        List<Act> acts = new ArrayList<>();
        acts.add(new VolumeFaults(VOLUME_FAULT_COUNT, false));
        acts.add(new LeaderKills(LEADER_KILL_COUNT));
        acts.add(new MixedFaults(means, MIXED, MIXED_COUNTS));
        acts.add(new GridFaults(1, means.hasNetwork()));
        acts.add(drama -> drama.awaitChecked(CHECKED_COUNT_MIN));
        return acts;
    }
}
