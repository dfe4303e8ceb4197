package io.holdfast.chaos.simulation;

import java.util.ArrayList;
import java.util.List;

/// What of a node survives a crash. Writes take time and become durable in order; those under way in a crash
/// are lost.
final class ModelDisk {
    private static final long FLUSH_MILLIS_MIN = 1;
    private static final long FLUSH_MILLIS_MAX = 6;
    private static final int SLOW_FLUSH_PER_MILLE = 60;
    private static final long SLOW_FLUSH_MILLIS_MAX = 120;

    private final EventQueue queue;
    private final List<Content> old = new ArrayList<>();
    private Content durable = new Content(0, -1, List.of());
    private long busyUntilNanos;
    private int crashes;

    /// A node's stored state.
    ///
    /// @param vote whom it voted for in the term, -1 for nobody
    record Content(long term, int vote, List<ModelEntry> log) {}

    ModelDisk(EventQueue queue) {
        this.queue = queue;
    }

    /// Writes the content and calls back when it is durable.
    void write(Content content, Runnable whenDurable) {
        int crashesBefore = crashes;
        long max = queue.chance(SLOW_FLUSH_PER_MILLE) ? SLOW_FLUSH_MILLIS_MAX : FLUSH_MILLIS_MAX;
        long takes = queue.random().nextLong(FLUSH_MILLIS_MIN, max + 1) * EventQueue.MILLI;
        busyUntilNanos = Math.max(busyUntilNanos, queue.nowNanos()) + takes;
        queue.after(busyUntilNanos - queue.nowNanos(), () -> {
            if (crashes == crashesBefore) {
                old.add(durable);
                durable = content;
                whenDurable.run();
            }
        });
    }

    void crash() {
        crashes++;
        busyUntilNanos = queue.nowNanos();
    }

    Content read() {
        return durable;
    }

    /// What stood here some writes ago, for a planted bug.
    Content readOld() {
        return old.isEmpty() ? durable : old.get(old.size() / 2);
    }
}
