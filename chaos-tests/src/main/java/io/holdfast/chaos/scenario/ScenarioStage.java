package io.holdfast.chaos.scenario;

import java.nio.file.Path;
import java.util.OptionalInt;

/// Where a scenario plays: inside a sandbox. Immutable.
///
/// @param executable `bin/holdfast`, built
/// @param folder for the nodes' files
/// @param reports where reports are written
/// @param seed of everything random
/// @param faultCount how many faults of its kind; absent for as many as the scenario finds right
/// @param minutes how long a soak lasts; 0 for none
/// @param replay the command that plays it again
public record ScenarioStage(
        Path executable, Path folder, Path reports, long seed, OptionalInt faultCount, int minutes,
        String replay) {
    int faultsOr(int count) {
        return faultCount.orElse(count);
    }

    /// The same for so many minutes.
    ScenarioStage lasting(int soakMinutes) {
        return new ScenarioStage(executable, folder, reports, seed, faultCount, soakMinutes, replay);
    }
}
