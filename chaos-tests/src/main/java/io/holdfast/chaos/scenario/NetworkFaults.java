package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.fault.NetworkFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The leader is cut off with as many others as are still a minority, the cut flaps, and then cuts and
/// troubles of every kind are drawn from the seed. Immutable.
///
/// @param count of drawn faults
/// @param hasTroubles whether the wire can delay, repeat and damage
record NetworkFaults(int count, boolean hasTroubles) implements Act {
    private static final Duration FAULT_MAX = Duration.ofSeconds(3);
    private static final Duration FLAP = Duration.ofMillis(300);
    private static final int FLAP_COUNT = 4;

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        NetworkFault split = minorityWithLeader(drama);
        drama.injector().inject(split, () -> drama.noteStall("leaderCutOff"));
        drama.injector().run(FaultPlan.flapping(split, FLAP_COUNT, FLAP, FLAP));
        List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.cuts());
        if (hasTroubles) {
            kinds.addAll(FaultKinds.troubles());
        }
        drama.injector().run(FaultPlan.random(drama.random(), drama.nodes(), kinds, count, FAULT_MAX));
        drama.awaitReady(drama.nodes());
        drama.awaitChange();
    }

    private static NetworkFault minorityWithLeader(ClusterDrama drama)
            throws TimeoutException, InterruptedException {
        List<String> nodes = new ArrayList<>(drama.nodes());
        String leader = drama.leader();
        nodes.remove(leader);
        nodes.addFirst(leader);
        int minority = (nodes.size() - 1) / 2;
        return NetworkFault.partition(List.of(
                List.copyOf(nodes.subList(0, minority)), List.copyOf(nodes.subList(minority, nodes.size()))));
    }
}
