package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.WatchEvent;
import java.util.ArrayList;
import java.util.List;

/// A watch of the model, resumed at another node now and then.
final class ModelWatcher {
    private static final int EVENT_COUNT_MAX = 3;

    private final Bug bug;
    private final EventQueue queue;
    private final ModelNetwork network;
    private final List<WatchEvent> seen = new ArrayList<>();
    private int node;
    private boolean isResuming;

    ModelWatcher(Bug bug, EventQueue queue, ModelNetwork network) {
        this.bug = bug;
        this.queue = queue;
        this.network = network;
    }

    List<WatchEvent> seen() {
        return seen;
    }

    void run(long untilNanos) {
        queue.afterBetween(5, 15, () -> {
            if (queue.nowNanos() < untilNanos) {
                poll();
                run(untilNanos);
            }
        });
    }

    private void poll() {
        if (queue.chance(200) || !network.nodes().get(node).isUp()) {
            node = queue.random().nextInt(network.nodes().size());
            isResuming = true;
        }
        ModelNode source = network.nodes().get(node);
        if (!source.isUp()) {
            return;
        }
        List<WatchEvent> fresh = source.changes().stream().filter(this::isFresh).toList();
        int skipped = isResuming && bug == Bug.RESUME_TOO_LATE && !seen.isEmpty() ? 1 : 0;
        for (int i = skipped; i < Math.min(fresh.size(), skipped + EVENT_COUNT_MAX); i++) {
            seen.add(fresh.get(i));
            isResuming = false;
        }
    }

    private boolean isFresh(WatchEvent event) {
        if (seen.isEmpty()) {
            return true;
        }
        WatchEvent last = seen.getLast();
        if (isResuming && bug == Bug.RESUME_TOO_EARLY) {
            return event.compareTo(last) >= 0;
        }
        if (isResuming && bug == Bug.FORGET_ORDINAL) {
            return event.index() > last.index();
        }
        return event.compareTo(last) > 0;
    }
}
