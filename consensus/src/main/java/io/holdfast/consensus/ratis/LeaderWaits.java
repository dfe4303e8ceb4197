package io.holdfast.consensus.ratis;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Those who wait until a certain peer leads. Guarded by its monitor; nobody is woken under it.
final class LeaderWaits {
    private final long patienceTicks;
    private final Supplier<Leadership> leadership;
    private final List<Wait> waits = new ArrayList<>();
    private long tick;

    LeaderWaits(long patienceTicks, Supplier<Leadership> leadership) {
        this.patienceTicks = patienceTicks;
        this.leadership = leadership;
    }

    CompletableFuture<Void> await(PeerId leader) {
        Wait wait;
        synchronized (this) {
            wait = new Wait(leader, new CompletableFuture<>(), tick + patienceTicks);
            waits.add(wait);
        }
        check();
        return wait.future;
    }

    /// Looks who leads now.
    void check() {
        List<Wait> reached = new ArrayList<>();
        Leadership now = leadership.get();
        synchronized (this) {
            waits.removeIf(wait -> now.leader().filter(wait.leader::equals).isPresent() && reached.add(wait));
        }
        reached.forEach(wait -> wait.future.complete(null));
    }

    /// Looks who leads now and fails those who have waited for too long; called at a steady pace.
    void tick() {
        check();
        List<Wait> late = new ArrayList<>();
        synchronized (this) {
            tick++;
            waits.removeIf(wait -> wait.deadlineTick < tick && late.add(wait));
        }
        late.forEach(wait -> wait.future.completeExceptionally(
                new UnavailableException("does not lead in time: peer=" + wait.leader)));
    }

    /// Somebody who waits.
    private record Wait(PeerId leader, CompletableFuture<Void> future, long deadlineTick) {}
}
