package io.holdfast.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Writes down calls as they begin and end. Concurrent: any thread may invoke and complete.
///
/// The clock is read before a call leaves and after its answer came, so that the written interval contains
/// the moment at which the call took effect.
///
/// @param <A> what was asked for
/// @param <R> what is returned
public final class HistoryRecorder<A, R> {
    private final LongSupplier nanoClock;
    private final int operationCountMax;
    private final Consumer<Operation<A, R>> listener;
    private final AtomicLong nextId = new AtomicLong();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// An empty history.
    ///
    /// @param operationCountMax more are refused: a history must fit in memory
    /// @param listener told of every completed operation, on the completing thread
    public HistoryRecorder(
            LongSupplier nanoClock, int operationCountMax, Consumer<Operation<A, R>> listener) {
        this.nanoClock = nanoClock;
        this.operationCountMax = operationCountMax;
        this.listener = listener;
    }

    public HistoryRecorder(LongSupplier nanoClock, int operationCountMax) {
        this(nanoClock, operationCountMax, _ -> {});
    }

    /// Writes down that the call begins now.
    public Call invoke(int client, String key, A action) {
        long id = nextId.getAndIncrement();
        if (id >= operationCountMax) {
            throw new IllegalStateException("history is full, operationCountMax=" + operationCountMax);
        }
        Call call = new Call(id, client, key, action, nanoClock.getAsLong());
        calls.add(call);
        return call;
    }

    /// Everything so far; calls without an answer count as unknown.
    public History<A, R> history() {
        List<Operation<A, R>> operations = new ArrayList<>();
        for (Call call : calls) {
            operations.add(call.operation());
        }
        operations.sort(Comparator.comparingLong(Operation::id));
        return new History<>(operations);
    }

    /// A call under way. Completed at most once; later completions are refused.
    public final class Call {
        private final long id;
        private final int client;
        private final String key;
        private final A action;
        private final long invokedNanos;
        private final AtomicReference<@Nullable Operation<A, R>> completed = new AtomicReference<>();

        private Call(long id, int client, String key, A action, long invokedNanos) {
            this.id = id;
            this.client = client;
            this.key = key;
            this.action = action;
            this.invokedNanos = invokedNanos;
        }

        public void ok(R reply) {
            complete(new Outcome.Ok<>(reply));
        }

        public void failed(String reason) {
            complete(new Outcome.Failed<>(reason));
        }

        public void unknown(String reason) {
            complete(new Outcome.Unknown<>(reason));
        }

        private void complete(Outcome<R> outcome) {
            Operation<A, R> operation = with(outcome);
            if (!completed.compareAndSet(null, operation)) {
                throw new IllegalStateException("completed twice: " + operation.describe());
            }
            listener.accept(operation);
        }

        private Operation<A, R> operation() {
            Operation<A, R> done = completed.get();
            return done != null ? done : with(new Outcome.Unknown<>("no answer yet"));
        }

        private Operation<A, R> with(Outcome<R> outcome) {
            return new Operation<>(id, client, key, action, outcome, invokedNanos, nanoClock.getAsLong());
        }
    }
}
