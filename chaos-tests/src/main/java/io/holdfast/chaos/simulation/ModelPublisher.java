package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.WatchEvent;
import java.util.List;

/// Takes what the leader applied to the grid, in batches that arrive late and in any order. Ends with the
/// node's leadership.
final class ModelPublisher {
    private static final long ARRIVAL_MILLIS_MAX = 250;

    private final Bug bug;
    private final EventQueue queue;
    private final ModelGrid grid;
    private int published;
    private int underWay;
    private boolean isStopped;

    ModelPublisher(Bug bug, EventQueue queue, ModelGrid grid) {
        this.bug = bug;
        this.queue = queue;
        this.grid = grid;
    }

    /// Begins where the leader before is known to have come to.
    void lead(int appliedChanges) {
        published = bug == Bug.PUBLISH_ONLY_OWN ? appliedChanges : grid.watermark();
    }

    void stop() {
        isStopped = true;
    }

    /// Publishes what was applied and not yet published.
    void applied(List<WatchEvent> changes) {
        while (published < changes.size() && !isStopped) {
            String change = changes.get(published++).content();
            int upTo = published;
            if (change.startsWith("put ") || change.startsWith("remove ")) {
                String[] parts = change.substring(change.indexOf(' ') + 1).split("=", 2);
                String value = parts.length == 2 ? parts[1] : ModelState.Register.REMOVED;
                send(parts[0], new ModelState.Register(changes.get(upTo - 1).index(), value), upTo);
            }
        }
    }

    void publishAhead(long index, ModelCommand command) {
        if (command instanceof ModelCommand.Put put) {
            send(put.key(), new ModelState.Register(index, put.value()), 0);
        }
    }

    private void send(String key, ModelState.Register value, int upTo) {
        underWay++;
        queue.afterBetween(1, ARRIVAL_MILLIS_MAX, () -> {
            underWay--;
            if (isStopped && queue.chance(500)) {
                return;
            }
            grid.put(key, value);
            if (underWay == 0 && !isStopped) {
                grid.raiseWatermark(Math.max(upTo, published));
            }
        });
    }
}
