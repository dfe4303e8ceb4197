package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rule.Transitions;
import java.util.Map;
import java.util.Set;

/// The states of a layer.
public sealed interface LayerState {
    Transitions<LayerState> TRANSITIONS = new Transitions<>(Map.of(
            Referenced.class, Set.of(Unreferenced.class),
            Unreferenced.class, Set.of(Referenced.class, Reclaimable.class),
            Reclaimable.class, Set.of(Referenced.class)));

    /// Something needs it.
    ///
    /// @param referrerCount at least 1
    record Referenced(int referrerCount) implements LayerState {
        public Referenced {
            Check.range("a referrer count", referrerCount, 1, Integer.MAX_VALUE);
        }
    }

    /// Nothing needs it; it waits in case something will.
    ///
    /// @param sinceMillis when the last referrer went
    record Unreferenced(long sinceMillis) implements LayerState {
        public Unreferenced {
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// Nothing needed it for the grace period: it may be deleted.
    ///
    /// @param sinceMillis when the last referrer went
    record Reclaimable(long sinceMillis) implements LayerState {
        public Reclaimable {
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Referenced _ -> "referenced";
            case Unreferenced _ -> "unreferenced";
            case Reclaimable _ -> "reclaimable";
        };
    }
}
