package io.holdfast.consensus.planted.other;

import io.holdfast.consensus.planted.PlantedViolations;

/// The other half of a planted cycle.
public final class OtherHalf {
    /// Points back.
    public Class<?> back() {
        return PlantedViolations.HalfOfCycle.class;
    }
}
