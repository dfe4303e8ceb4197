package io.holdfast.consensus.ratis;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/// Those who wait until this peer has applied an index. Guarded by its monitor; nobody is woken under it.
final class AppliedWaits {
    /// Bounds what forgotten waits can cost; each also has a deadline.
    private static final int WAITS_MAX = 65_536;

    private final long patienceTicks;
    private final PriorityQueue<Wait> waits =
            new PriorityQueue<>((a, b) -> Long.compare(a.index.value(), b.index.value()));
    private LogIndex applied = LogIndex.ZERO;
    private long tick;
    private boolean closed;

    AppliedWaits(long patienceTicks) {
        this.patienceTicks = patienceTicks;
    }

    synchronized CompletableFuture<LogIndex> await(LogIndex index) {
        if (!index.isAfter(applied)) {
            return CompletableFuture.completedFuture(applied);
        }
        if (closed || waits.size() >= WAITS_MAX) {
            String reason = closed ? "the log is closed" : "too many wait already: waits=" + waits.size();
            return CompletableFuture.failedFuture(new UnavailableException(reason));
        }
        Wait wait = new Wait(index, new CompletableFuture<>(), tick + patienceTicks);
        waits.add(wait);
        return wait.future;
    }

    void advance(LogIndex index) {
        List<Wait> reached = new ArrayList<>();
        synchronized (this) {
            applied = index;
            while (!waits.isEmpty() && !waits.element().index.isAfter(index)) {
                reached.add(waits.remove());
            }
        }
        reached.forEach(wait -> wait.future.complete(index));
    }

    /// Fails those who have waited for too long; called at a steady pace.
    void tick() {
        List<Wait> late = new ArrayList<>();
        synchronized (this) {
            tick++;
            waits.removeIf(wait -> wait.deadlineTick < tick && late.add(wait));
        }
        fail(late, "not applied in time");
    }

    void close() {
        List<Wait> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(waits);
            waits.clear();
        }
        fail(left, "the log is closed");
    }

    private static void fail(List<Wait> waits, String reason) {
        waits.forEach(wait -> wait.future.completeExceptionally(
                new UnavailableException(reason + ": index=" + wait.index)));
    }

    /// Somebody who waits.
    private record Wait(LogIndex index, CompletableFuture<LogIndex> future, long deadlineTick) {}
}
