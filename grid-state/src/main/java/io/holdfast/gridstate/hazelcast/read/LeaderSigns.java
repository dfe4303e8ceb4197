package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.entry.GridWatermark;
import io.holdfast.gridstate.hazelcast.publish.GridPublisher;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What this node has heard from whoever publishes: how far the grid has come, and when that was. Concurrent.
final class LeaderSigns {
    /// A few beats may be lost on a busy network before a leader counts as silent.
    static final long SILENCE_MILLIS_MAX = 4 * GridPublisher.BEAT_MILLIS;

    private final LongSupplier nanoClock;
    private final AtomicReference<@Nullable Sign> newest = new AtomicReference<>();

    LeaderSigns(Grid grid, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        grid.maps().onWatermark(this::heard);
    }

    private record Sign(GridWatermark watermark, long nanos) {}

    private void heard(GridWatermark watermark) {
        Sign next = new Sign(watermark, nanoClock.getAsLong());
        newest.accumulateAndGet(next, (held, heard) -> {
            // The position may go back, namely after a grid began anew; the term may not.
            boolean isOfEarlierTerm = held != null
                    && heard != null
                    && held.watermark().term().isAfter(heard.watermark().term());
            return isOfEarlierTerm ? held : heard;
        });
    }

    /// Everything up to here is in the grid, as far as this node knows.
    ChangePosition published() {
        Sign sign = newest.get();
        return sign == null ? ChangePosition.ZERO : sign.watermark().position();
    }

    boolean isSilent() {
        Sign sign = newest.get();
        return sign == null || nanoClock.getAsLong() - sign.nanos() > SILENCE_MILLIS_MAX * 1_000_000;
    }
}
