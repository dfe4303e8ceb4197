package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.LeaseEvent;
import io.holdfast.chaos.checker.VersionedAction;
import io.holdfast.chaos.checker.VersionedReply;
import io.holdfast.chaos.history.HistoryRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Everything that the model's clients write down.
record ModelEvidence(
        HistoryRecorder<VersionedAction, VersionedReply> registers,
        HistoryRecorder<String, String> additions,
        HistoryRecorder<String, Map<String, Long>> balances,
        List<LeaseEvent> leases,
        ModelStore store) {
    private static final int OPERATION_COUNT_MAX = 100_000;

    static ModelEvidence empty(EventQueue queue, Bug bug) {
        List<LeaseEvent> leases = new ArrayList<>();
        return new ModelEvidence(
                new HistoryRecorder<>(queue::nowNanos, OPERATION_COUNT_MAX),
                new HistoryRecorder<>(queue::nowNanos, OPERATION_COUNT_MAX),
                new HistoryRecorder<>(queue::nowNanos, OPERATION_COUNT_MAX),
                leases,
                new ModelStore(bug, leases));
    }
}
