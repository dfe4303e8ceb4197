package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The search for one order of one key's calls.
///
/// Calls and returns stand in a doubly linked list in order of time. The search walks from the head: a call
/// that the model accepts in the present state is taken out together with its return, and the walk begins
/// anew; reaching a return whose call is still in the list means that this call should have been taken
/// earlier, so the last choice is undone. A call with unknown outcome has no return: it may be taken at any
/// later place or never. Confined to its thread.
final class LinearizationSearch<S, A, R> {
    enum Result {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        BUDGET_SPENT
    }

    private final SequentialModel<S, A, R> model;
    private final int configurationCountMax;
    private final Set<Configuration<S>> tried = new HashSet<>();
    private final Deque<Choice<S, A, R>> choices = new ArrayDeque<>();
    private final BitSet taken = new BitSet();
    private final Event<A, R> head;
    private S state;
    private int returnsLeft;
    private int longestPrefix;
    private S stateAtPrefix;
    private Operation<A, R> firstImpossible;

    LinearizationSearch(SequentialModel<S, A, R> model, History<A, R> history, int configurationCountMax) {
        this.model = model;
        this.configurationCountMax = configurationCountMax;
        this.state = model.initial();
        this.stateAtPrefix = state;
        this.firstImpossible = history.operations().getFirst();
        this.longestPrefix = -1;
        this.head = link(history);
    }

    int longestPrefix() {
        return Math.max(longestPrefix, 0);
    }

    S stateAtPrefix() {
        return stateAtPrefix;
    }

    Operation<A, R> firstImpossible() {
        return firstImpossible;
    }

    Result run() {
        Event<A, R> event = head.next;
        while (returnsLeft > 0) {
            if (event == null) {
                throw new IllegalStateException("returns left but none in the list");
            }
            if (event.isReturn()) {
                noteImpossible(event.operation);
                if (choices.isEmpty()) {
                    return Result.NOT_LINEARIZABLE;
                }
                event = undo();
            } else {
                event = tryTake(event) ? head.next : event.next;
            }
            if (tried.size() > configurationCountMax) {
                return Result.BUDGET_SPENT;
            }
        }
        return Result.LINEARIZABLE;
    }

    private boolean tryTake(Event<A, R> call) {
        Optional<S> next = step(call.operation);
        if (next.isEmpty()) {
            return false;
        }
        taken.set(call.index);
        if (!tried.add(new Configuration<>((BitSet) taken.clone(), next.get()))) {
            taken.clear(call.index);
            return false;
        }
        choices.push(new Choice<>(call, state));
        state = next.get();
        call.lift();
        if (call.matching != null) {
            returnsLeft--;
        }
        return true;
    }

    private @Nullable Event<A, R> undo() {
        Choice<S, A, R> choice = choices.pop();
        state = choice.before();
        taken.clear(choice.call().index);
        choice.call().unlift();
        if (choice.call().matching != null) {
            returnsLeft++;
        }
        return choice.call().next;
    }

    private Optional<S> step(Operation<A, R> operation) {
        return switch (operation.outcome()) {
            case Outcome.Ok<R> ok -> model.after(state, operation.action(), ok.reply());
            case Outcome.Unknown<R> _ -> Optional.of(model.afterUnseen(state, operation.action()));
            case Outcome.Failed<R> _ -> Optional.empty();
        };
    }

    private void noteImpossible(Operation<A, R> operation) {
        if (choices.size() > longestPrefix) {
            longestPrefix = choices.size();
            stateAtPrefix = state;
            firstImpossible = operation;
        }
    }

    private Event<A, R> link(History<A, R> history) {
        List<Event<A, R>> events = new ArrayList<>();
        int index = 0;
        for (Operation<A, R> operation : history.operations()) {
            if (operation.outcome() instanceof Outcome.Failed<R>) {
                continue;
            }
            Event<A, R> call = new Event<>(operation, index++, operation.invokedNanos());
            events.add(call);
            if (operation.isOk()) {
                Event<A, R> end = new Event<>(operation, -1, operation.completedNanos());
                call.matching = end;
                events.add(end);
                returnsLeft++;
            }
        }
        // At the same instant calls stand before returns: calls that touch count as overlapping.
        events.sort(Comparator.<Event<A, R>>comparingLong(event -> event.nanos)
                .thenComparing(Event::isReturn));
        Event<A, R> first = new Event<>(history.operations().getFirst(), -1, Long.MIN_VALUE);
        Event<A, R> last = first;
        for (Event<A, R> event : events) {
            last.next = event;
            event.previous = last;
            last = event;
        }
        return first;
    }

    /// A place in the search that need not be visited again.
    private record Configuration<S>(BitSet taken, S state) {}

    /// A call that was taken, and the state before it.
    private record Choice<S, A, R>(Event<A, R> call, S before) {}

    /// A call or a return in the list.
    private static final class Event<A, R> {
        final Operation<A, R> operation;
        final int index;
        final long nanos;
        @Nullable Event<A, R> matching;
        @Nullable Event<A, R> previous;
        @Nullable Event<A, R> next;

        Event(Operation<A, R> operation, int index, long nanos) {
            this.operation = operation;
            this.index = index;
            this.nanos = nanos;
        }

        boolean isReturn() {
            return index < 0;
        }

        void lift() {
            unlink();
            if (matching != null) {
                matching.unlink();
            }
        }

        /// Reverse order of [#lift()], so that each finds its neighbours as it left them.
        void unlift() {
            if (matching != null) {
                matching.relink();
            }
            relink();
        }

        private void unlink() {
            if (previous != null) {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
        }

        private void relink() {
            if (previous != null) {
                previous.next = this;
            }
            if (next != null) {
                next.previous = this;
            }
        }
    }
}
