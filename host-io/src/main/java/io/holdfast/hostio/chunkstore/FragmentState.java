package io.holdfast.hostio.chunkstore;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What may be done with a fragment.
public enum FragmentState {
    /// Takes strips.
    OPEN,
    /// Complete; takes no more.
    SEALED,
    /// Lost strips that it had acknowledged. What is left can be read; it takes no more and is to be
    /// rebuilt.
    DAMAGED,
    DELETED;

    private static final Map<FragmentState, Set<FragmentState>> EDGES = Map.of(
            OPEN, EnumSet.of(SEALED, DAMAGED, DELETED),
            SEALED, EnumSet.of(DELETED, DAMAGED),
            DAMAGED, EnumSet.of(DELETED),
            DELETED, EnumSet.noneOf(FragmentState.class));

    boolean mayBecome(FragmentState next) {
        return EDGES.getOrDefault(this, Set.of()).contains(next);
    }
}
