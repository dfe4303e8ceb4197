package io.holdfast.gridstate.hazelcast.watch;

import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangeFeed;
import io.holdfast.gridstate.change.ChangePosition;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One watcher. Confined to the thread that reads it.
public final class GridWatch implements AutoCloseable {
    /// Changes that one event may carry: what a slow watcher keeps in memory.
    public static final int EVENT_CHANGES_MAX = 256;

    private final GridWatches watches;
    private final Set<String> catalogs;
    private ChangePosition position;
    private boolean closed;

    GridWatch(GridWatches watches, ChangePosition after, Set<String> catalogs) {
        this.watches = watches;
        this.position = after;
        this.catalogs = catalogs;
    }

    /// Where a new watch would go on without a gap and without a repetition.
    public ChangePosition position() {
        return position;
    }

    /// Waits for the next event; a heartbeat if nothing of interest happens for so long.
    public WatchEvent next(long heartbeatMillis) throws InterruptedException {
        long end = watches.nanos() + TimeUnit.MILLISECONDS.toNanos(heartbeatMillis);
        while (true) {
            StateStore store = watches.log().store();
            // Asked before reading: what is applied in between is found by the next look.
            long applied = store.appliedIndex().value();
            switch (new ChangeFeed(store).read(position, EVENT_CHANGES_MAX)) {
                case ChangeBatch.PositionTooOld tooOld -> {
                    return new WatchEvent.Resume(tooOld.oldest());
                }
                case ChangeBatch.Changes batch when batch.changes().isEmpty() -> {
                    position = max(position, ChangePosition.endOf(applied));
                    long left = end - watches.nanos();
                    if (left <= 0 || !watches.awaitAfter(applied, left)) {
                        return new WatchEvent.Heartbeat(position);
                    }
                }
                case ChangeBatch.Changes batch -> {
                    position = batch.next();
                    List<Change> wanted = ofInterest(batch.changes());
                    if (!wanted.isEmpty()) {
                        return new WatchEvent.Changed(wanted, position);
                    }
                    if (watches.nanos() >= end) {
                        return new WatchEvent.Heartbeat(position);
                    }
                }
            }
        }
    }

    private List<Change> ofInterest(List<Change> changes) {
        return catalogs.isEmpty()
                ? changes
                : changes.stream().filter(change -> catalogs.contains(change.catalog())).toList();
    }

    private static ChangePosition max(ChangePosition left, ChangePosition right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watches.release();
        }
    }
}
