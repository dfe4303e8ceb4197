package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.gridstate.change.ChangePosition;
import java.util.concurrent.atomic.LongAdder;

/// What a publisher counts. Concurrent.
final class PublisherCounters {
    private final LongAdder transitions = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder refills = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile ChangePosition position = ChangePosition.ZERO;
    private volatile String lastReason = "started";

    void countTransition(String reason) {
        transitions.increment();
        lastReason = reason;
    }

    void countPublished(int entries) {
        published.add(entries);
    }

    void countBatch() {
        batches.increment();
    }

    void countRefill() {
        refills.increment();
    }

    void countFailure() {
        failures.increment();
    }

    void advanced(ChangePosition to) {
        position = to;
    }

    PublisherStatus status(PublisherState state) {
        return new PublisherStatus(
                state,
                lastReason,
                transitions.sum(),
                position,
                published.sum(),
                batches.sum(),
                refills.sum(),
                failures.sum());
    }
}
