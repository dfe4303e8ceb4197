package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/// Hand-written histories for tests: one line per call.
final class Histories<A, R> {
    private final List<Operation<A, R>> operations = new ArrayList<>();

    Histories<A, R> ok(long from, long to, A action, R reply) {
        return add(from, to, action, new Outcome.Ok<>(reply));
    }

    Histories<A, R> failed(long from, long to, A action) {
        return add(from, to, action, new Outcome.Failed<>("refused"));
    }

    Histories<A, R> unknown(long from, long to, A action) {
        return add(from, to, action, new Outcome.Unknown<>("timeout"));
    }

    private Histories<A, R> add(long from, long to, A action, Outcome<R> outcome) {
        int id = operations.size();
        operations.add(new Operation<>(id, id, "k", action, outcome, from, to));
        return this;
    }

    History<A, R> history() {
        return new History<>(operations);
    }
}
