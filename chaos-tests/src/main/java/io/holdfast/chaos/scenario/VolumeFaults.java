package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FreezeFault;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.fault.NetworkFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The node that serves the volume ends, stands still or is cut off until another one has taken the volume
/// over; then it comes back. Immutable.
///
/// @param count of faults, of all kinds in turn
/// @param hasSplits whether the network can be cut
record VolumeFaults(int count, boolean hasSplits) implements Act {
    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        drama.beginVolume();
        for (int number = 0; number < count; number++) {
            String serving = drama.servingNode();
            Kind kind = kinds().get(number % kinds().size());
            Fault fault = switch (kind) {
                case KILL -> new KillFault(List.of(serving));
                case FREEZE -> new FreezeFault(List.of(serving));
                case CUT -> NetworkFault.isolation(serving, drama.nodes());
            };
            drama.injector().inject(fault, () -> drama.noteTakeover("volume" + kind, serving));
            drama.awaitReady(drama.nodes());
            drama.awaitVolume();
        }
    }

    private List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.KILL, Kind.FREEZE));
        if (hasSplits) {
            kinds.add(Kind.CUT);
        }
        return kinds;
    }

    /// What happens to the serving node.
    private enum Kind { KILL, FREEZE, CUT }
}
