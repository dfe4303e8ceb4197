package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of a chunk.
public sealed interface ChunkState {
    Transitions<ChunkState> TRANSITIONS = new Transitions<>(Map.of(
            Open.class, Set.of(Sealed.class, AtRisk.class),
            Sealed.class, Set.of(AtRisk.class, Released.class),
            AtRisk.class, Set.of(Sealed.class, Released.class),
            Released.class, Set.of()));

    /// Its stream's writer appends to it.
    record Open() implements ChunkState {}

    /// Complete: its length is final and every fragment is where the entry says.
    record Sealed() implements ChunkState {}

    /// Complete in length, but it survives fewer losses than its stream's profile promises.
    ///
    /// @param lostFragments bit i is set if fragment i is lost; 0 if only its parity count is too small
    record AtRisk(long lostFragments) implements ChunkState {
        public AtRisk {
            Check.range("lost fragments", lostFragments, 0, (1L << 32) - 1);
        }

        public int lostCount() {
            return Long.bitCount(lostFragments);
        }
    }

    /// Nothing needs it any more: holders delete their fragments, then the entry is forgotten.
    record Released() implements ChunkState {}

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Open _ -> "open";
            case Sealed _ -> "sealed";
            case AtRisk _ -> "at-risk";
            case Released _ -> "released";
        };
    }
}
