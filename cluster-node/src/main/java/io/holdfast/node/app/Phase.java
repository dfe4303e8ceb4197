package io.holdfast.node.app;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// The phases of an instance.
enum Phase {
    /// Nothing of it runs, but the slot is its own already, and a frozen copy in the pool is what it goes on
    /// with: a request starts it without asking the ledger.
    POISED,
    /// Being started or restored.
    STARTING,
    /// Handles requests.
    READY,
    /// Runs, but lets no request in: it is being saved, or this node is not sure that the slot is still its
    /// own.
    PAUSED,
    /// Stands still and is saved; a request makes it go on.
    ASLEEP,
    /// Waits until it is started again after a failure.
    FAILING,
    /// Nothing of it is left here.
    ENDED;

    private static final Map<Phase, Set<Phase>> EDGES = new EnumMap<>(Map.of(
            POISED, Set.of(STARTING, ENDED),
            STARTING, Set.of(READY, FAILING, ENDED),
            READY, Set.of(PAUSED, FAILING, ENDED),
            PAUSED, Set.of(READY, ASLEEP, FAILING, ENDED),
            ASLEEP, Set.of(READY, PAUSED, ENDED),
            FAILING, Set.of(STARTING, ENDED),
            ENDED, Set.of()));

    boolean mayBecome(Phase next) {
        return EDGES.getOrDefault(this, Set.of()).contains(next);
    }
}
