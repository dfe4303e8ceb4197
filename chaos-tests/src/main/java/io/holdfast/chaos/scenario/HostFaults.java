package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Processes end or stand still, disks crawl, a node dies in the middle of a flush, clocks jump by an hour.
/// Immutable.
///
/// @param hasDisks whether system calls can be tampered with
/// @param hasClocks whether the nodes' clocks can be moved
record HostFaults(int count, boolean hasDisks, boolean hasClocks) implements Act {
    private static final Duration FAULT_MAX = Duration.ofSeconds(4);

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.processes());
        if (hasDisks) {
            kinds.addAll(FaultKinds.disks());
        }
        if (hasClocks) {
            kinds.addAll(FaultKinds.clocks());
        }
        FaultPlan faults = FaultPlan.random(drama.random(), drama.nodes(), kinds, count, FAULT_MAX);
        for (FaultPlan.Step step : faults.steps()) {
            drama.injector().run(new FaultPlan(List.of(step)));
            drama.awaitReady(drama.nodes());
        }
    }
}
