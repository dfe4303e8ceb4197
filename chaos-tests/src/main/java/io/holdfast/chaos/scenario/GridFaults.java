package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.fault.NetworkFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// What the grid may suffer: all copies of a partition lost at once, the whole grid started anew, and a
/// split under writes. After each, every node's copy must lack nothing; while it is cut off, a minority must
/// be given nothing new. Immutable.
///
/// @param count of each
/// @param hasSplits whether the network can be cut
record GridFaults(int count, boolean hasSplits) implements Act {
    private static final Duration SPLIT = Duration.ofSeconds(4);

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        for (int round = 0; round < count; round++) {
            loseAllCopies(drama);
            new WholeClusterKills(1).play(drama);
            if (hasSplits) {
                split(drama, round);
            }
        }
    }

    /// All nodes but one end at once: with them every copy of the partitions that the survivor has not.
    private static void loseAllCopies(ClusterDrama drama)
            throws IOException, InterruptedException, TimeoutException {
        List<String> lost = drama.shuffledNodes();
        lost.removeFirst();
        drama.injector().inject(new KillFault(lost), () -> {});
        drama.noteStall("allCopiesLost");
        drama.awaitReady(drama.nodes());
        drama.judgeCopies();
    }

    /// Turns with and without the leader in the minority.
    private static void split(ClusterDrama drama, int round)
            throws IOException, InterruptedException, TimeoutException {
        List<String> others = new ArrayList<>(drama.nodes());
        String leader = drama.leader();
        String alone = round % 2 == 0 ? leader
                : others.stream().filter(node -> !node.equals(leader)).findFirst().orElseThrow();
        others.remove(alone);
        NetworkFault cut = NetworkFault.partition(List.of(List.of(alone), others));
        drama.injector().inject(cut, () -> {
            drama.noteStall("split");
            drama.judgeMinority(alone, SPLIT);
        });
        drama.awaitReady(drama.nodes());
        drama.judgeCopies();
    }
}
