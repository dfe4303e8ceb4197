package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.KillFault;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The leader ends under load and comes back once another leads. Immutable.
record LeaderKills(int count) implements Act {
    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        for (int kill = 0; kill < count; kill++) {
            String leader = drama.leader();
            drama.injector().inject(new KillFault(List.of(leader)), () -> drama.noteStall("leaderKill"));
            drama.awaitReady(List.of(leader));
        }
    }
}
