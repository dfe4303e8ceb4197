package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.consensus.Term;
import io.holdfast.gridstate.change.ChangePosition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the publisher of one node is at.
public sealed interface PublisherState {
    Map<Class<? extends PublisherState>, Set<Class<? extends PublisherState>>> TRANSITIONS = Map.of(
            Idle.class,
            Set.of(Locating.class, Stopped.class),
            Locating.class,
            Set.of(
                    Idle.class,
                    Locating.class,
                    Refilling.class,
                    Publishing.class,
                    Fenced.class,
                    Stopped.class),
            Refilling.class,
            Set.of(Idle.class, Locating.class, Publishing.class, Fenced.class, Stopped.class),
            Publishing.class,
            Set.of(Idle.class, Locating.class, Refilling.class, Fenced.class, Stopped.class),
            Fenced.class,
            Set.of(Idle.class, Locating.class, Stopped.class),
            Stopped.class,
            Set.of());

    /// Another node leads, or nobody does.
    record Idle() implements PublisherState {}

    /// Leads, and asks the grid how far it has been published to.
    record Locating(Term term) implements PublisherState {}

    /// Copies the catalogs into the grid, since there is no position to go on from.
    ///
    /// @param term under which it leads
    /// @param asOf the position to go on from afterwards
    /// @param catalogIndex which catalog it is at
    /// @param cursor the key in it to go on from
    /// @param copied records copied so far
    record Refilling(Term term, ChangePosition asOf, int catalogIndex, Cursor cursor, long copied)
            implements PublisherState {
        Refilling after(int count, Optional<Cursor> next) {
            return next.isPresent()
                    ? new Refilling(term, asOf, catalogIndex, next.get(), copied + count)
                    : new Refilling(term, asOf, catalogIndex + 1, Cursor.START, copied + count);
        }
    }

    /// Follows the ledger's changes.
    ///
    /// @param term under which it leads
    /// @param position everything up to it is in the grid
    record Publishing(Term term, ChangePosition position) implements PublisherState {}

    /// A leader of a later term has written the watermark.
    ///
    /// @param term under which it led
    /// @param by the later term
    record Fenced(Term term, Term by) implements PublisherState {}

    /// Closed.
    record Stopped() implements PublisherState {}

    default String label() {
        return switch (this) {
            case Idle _ -> "idle";
            case Locating _ -> "locating";
            case Refilling _ -> "refilling";
            case Publishing _ -> "publishing";
            case Fenced _ -> "fenced";
            case Stopped _ -> "stopped";
        };
    }
}
