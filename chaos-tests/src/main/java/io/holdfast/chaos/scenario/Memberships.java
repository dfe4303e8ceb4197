package io.holdfast.chaos.scenario;

import io.holdfast.chaos.fault.KillFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// All guests join, the leader dies, and the guests leave again, each time in another way: in order, dead,
/// or after a start with an older copy of what they kept. Immutable.
record Memberships(int count) implements Act {
    private static final List<Leaving> WAYS = List.of(Leaving.values());

    @Override
    public void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException {
        drama.beginVolume();
        List<String> hosts = List.copyOf(drama.nodes());
        List<Guest> guests = drama.guests();
        int number = 0;
        for (int round = 0; round < count; round++) {
            for (Guest guest : guests) {
                drama.noteTime("guestReady", guest.join(hosts.get(round % hosts.size())));
            }
            List<String> present = new ArrayList<>(drama.nodes());
            String leader = drama.leader();
            drama.injector().inject(new KillFault(List.of(leader)), () -> drama.noteStall("leaderKill"));
            drama.awaitReady(present);
            for (Guest guest : guests) {
                Leaving leaving = WAYS.get(number++ % WAYS.size());
                if (leaving == Leaving.AFTER_OLDER_COPY) {
                    drama.judged(guest.restartWithOlderCopy());
                }
                guest.leave(hosts.get(round % hosts.size()), leaving == Leaving.DEAD);
                drama.noteStall("guestLeft" + leaving);
                drama.awaitRepaired();
            }
            drama.awaitReady(hosts);
            drama.awaitVolume();
            drama.judgeCopies();
        }
    }

    /// How a guest leaves.
    private enum Leaving { IN_ORDER, DEAD, AFTER_OLDER_COPY }
}
