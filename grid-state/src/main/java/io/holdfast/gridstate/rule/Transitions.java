package io.holdfast.gridstate.rule;

import java.util.Map;
import java.util.Set;

/// The edges of a state machine whose states are the records of a sealed interface. Immutable.
///
/// @param edges the states that may follow each state; a state may always follow itself unless the rules say
/// otherwise, which is no transition
public record Transitions<S>(Map<Class<? extends S>, Set<Class<? extends S>>> edges) {
    public Transitions {
        edges = Map.copyOf(edges);
    }

    public boolean allows(S from, S to) {
        return edges.getOrDefault(from.getClass(), Set.of()).contains(to.getClass());
    }

    /// The next state, if the edge exists.
    ///
    /// @throws IllegalStateException if it does not: the rules must have refused before
    public S step(S from, S next) {
        if (!allows(from, next)) {
            throw new IllegalStateException("no such transition: from=" + from + " to=" + next);
        }
        return next;
    }
}
