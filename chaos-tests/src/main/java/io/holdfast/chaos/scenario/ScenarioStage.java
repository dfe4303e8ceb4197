package io.holdfast.chaos.scenario;

import java.nio.file.Path;
import java.util.OptionalInt;

/// Where a scenario plays: inside a sandbox. Immutable.
///
/// @param executable `bin/holdfast`, built
/// @param folder for the nodes' files
/// @param seed of everything random
/// @param faultCount how many faults of its kind; absent for as many as the scenario finds right
/// @param replay the command that plays it again
public record ScenarioStage(Path executable, Path folder, long seed, OptionalInt faultCount, String replay) {
    int faultsOr(int count) {
        return faultCount.orElse(count);
    }
}
