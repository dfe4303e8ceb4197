package io.holdfast.chaos.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// Faults of all families at once. Immutable.
///
/// @param means what this host can do; families that it cannot are left out
/// @param span in which they come; on a slow machine half as long again
record MixedFaults(Production.Means means, Duration span, Map<FaultMix.Family, Integer> counts)
        implements Act {
    MixedFaults {
        counts = Map.copyOf(counts);
    }

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        drama.mix(means, span, counts);
        drama.awaitChange();
    }
}
