package io.holdfast.gridstate.placement;

import io.holdfast.gridstate.catalog.Check;
import java.util.Optional;

/// How the instance in a slot is, as its node says.
public sealed interface PlacementState {
    /// Being started or restored.
    ///
    /// @param sinceMillis when that began
    record Starting(long sinceMillis) implements PlacementState {
        public Starting {
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// Handles requests.
    ///
    /// @param sinceMillis when it became so
    /// @param snapshot the name of the one that it was restored from; absent if it was started
    record Ready(long sinceMillis, Optional<String> snapshot) implements PlacementState {
        public Ready {
            Check.notNegative("a time", sinceMillis);
            snapshot.ifPresent(name -> Check.name("a snapshot's name", name));
        }
    }

    /// Handles no further requests; its memory becomes a snapshot.
    ///
    /// @param sinceMillis when that began
    record Freezing(long sinceMillis) implements PlacementState {
        public Freezing {
            Check.notNegative("a time", sinceMillis);
        }
    }

    /// Its processes stand still on their node and are saved; the next request makes them go on.
    ///
    /// @param sinceMillis when it became so
    /// @param snapshot the name of the one that holds what stands still
    record Asleep(long sinceMillis, String snapshot) implements PlacementState {
        public Asleep {
            Check.notNegative("a time", sinceMillis);
            Check.name("a snapshot's name", snapshot);
        }
    }

    /// Ended without being asked to, or could not be started; tried again after a pause.
    ///
    /// @param sinceMillis when it last failed
    /// @param failures in a row
    /// @param reason for people
    record Failing(long sinceMillis, int failures, String reason) implements PlacementState {
        public Failing {
            Check.notNegative("a time", sinceMillis);
            Check.notNegative("a count of failures", failures);
            Check.note("a reason", reason, 512);
        }
    }

    /// The name by which queries and the API know the state.
    default String label() {
        return switch (this) {
            case Starting _ -> "starting";
            case Ready _ -> "ready";
            case Freezing _ -> "freezing";
            case Asleep _ -> "asleep";
            case Failing _ -> "failing";
        };
    }
}
