package io.holdfast.chaos.scenario;

import java.nio.file.Path;

/// Where a scenario plays: inside a sandbox. Immutable.
///
/// @param executable `bin/holdfast`, built
/// @param folder for the nodes' files
/// @param seed of everything random
/// @param scale 1 for the build; nightly runs take more
/// @param replay the command that plays it again
public record ScenarioStage(Path executable, Path folder, long seed, int scale, String replay) {}
