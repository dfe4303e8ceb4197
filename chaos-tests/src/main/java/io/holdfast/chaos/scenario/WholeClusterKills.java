package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.KillFault;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/// Every process ends at once, and with them the whole grid; nobody lifts a hand but to start them again.
/// Immutable.
record WholeClusterKills(int count) implements Act {
    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        for (int kill = 0; kill < count; kill++) {
            drama.injector().inject(new KillFault(drama.nodes()), () -> {});
            drama.noteStall("wholeClusterKill");
            drama.awaitReady(drama.nodes());
            drama.judgeCopies();
        }
    }
}
