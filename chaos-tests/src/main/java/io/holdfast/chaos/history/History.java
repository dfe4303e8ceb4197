package io.holdfast.chaos.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The operations of a run, in order of invocation. Immutable.
///
/// @param <A> what was asked for
/// @param <R> what is returned
public record History<A, R>(List<Operation<A, R>> operations) {
    public History {
        operations = List.copyOf(operations);
    }

    public int size() {
        return operations.size();
    }

    public long okCount() {
        return operations.stream().filter(Operation::isOk).count();
    }

    public long unknownCount() {
        return operations.stream().filter(Operation::isUnknown).count();
    }

    public long failedCount() {
        return size() - okCount() - unknownCount();
    }

    /// One history per key, keys in order of their first operation.
    public Map<String, History<A, R>> byKey() {
        Map<String, List<Operation<A, R>>> grouped = new LinkedHashMap<>();
        for (Operation<A, R> operation : operations) {
            grouped.computeIfAbsent(operation.key(), _ -> new ArrayList<>()).add(operation);
        }
        Map<String, History<A, R>> histories = new LinkedHashMap<>();
        grouped.forEach((key, list) -> histories.put(key, new History<>(list)));
        return histories;
    }
}
