package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.Choice;
import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.fault.MemoryFault;
import io.holdfast.chaos.fault.RotFault;
import io.holdfast.chaos.pace.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Each kind in turn on one node, drawn from the seed. The next node's disk breaks only when nothing is at
/// risk any more: what is kept as 2+1 outlives one host. Immutable.
///
/// @param hasDisks whether system calls can be tampered with
record DiskFaults(int count, boolean hasDisks) implements Act {
    private static final Duration LASTING = Duration.ofSeconds(4);
    private static final int SPOILT_BLOCK_COUNT = 4;

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        drama.beginVolume();
        List<FaultPlan.Kind> kinds = kinds();
        for (int number = 0; number < count; number++) {
            Fault fault = kinds.get(number % kinds.size()).make(Choice.of(drama.random(), drama.nodes()));
            drama.injector().inject(fault, () -> Pause.REAL.of(LASTING));
            drama.startEnded();
            drama.awaitReady(drama.nodes());
            drama.awaitVolume();
            drama.awaitRepaired();
            drama.judgeCopies();
        }
    }

    private List<FaultPlan.Kind> kinds() {
        List<FaultPlan.Kind> kinds = new ArrayList<>();
        for (RotFault.Damage damage : RotFault.Damage.values()) {
            // Always the same node: what is damaged and not found yet counts as lost with it.
            kinds.add(choice -> new RotFault(
                    choice.nodes().getLast(), damage, SPOILT_BLOCK_COUNT, choice.random().nextLong()));
        }
        kinds.add(choice -> new MemoryFault(
                choice.nodes().get(choice.random().nextInt(choice.nodes().size()))));
        if (hasDisks) {
            kinds.addAll(FaultKinds.brokenDisks());
            kinds.addAll(FaultKinds.disks());
        }
        return kinds;
    }
}
