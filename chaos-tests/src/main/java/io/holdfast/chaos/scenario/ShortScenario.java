package io.holdfast.chaos.scenario;

import io.holdfast.chaos.report.RunReport;
import io.holdfast.chaos.sandbox.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// A little of every scenario on one cluster of three nodes, short enough for each build.
public final class ShortScenario implements Scenario {
    private static final int LEADER_KILL_COUNT = 2;
    private static final int VOLUME_FAULT_COUNT = 1;
    private static final int NETWORK_FAULT_COUNT = 3;
    private static final int HOST_FAULT_COUNT = 5;

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
        if (means.hasNetwork()) {
            acts.add(new NetworkFaults(NETWORK_FAULT_COUNT, means.hasTroubles()));
        }
        acts.add(new HostFaults(HOST_FAULT_COUNT, means.hasDisks(), means.hasClocks()));
        acts.add(new GridFaults(1, means.hasNetwork()));
        return acts;
    }
}
