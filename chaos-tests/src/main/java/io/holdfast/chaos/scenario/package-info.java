/// Stories of faults on real clusters, each with what must hold in the end. A scenario runs in a
/// sandbox, in a
/// JVM of its own ([io.holdfast.chaos.scenario.ScenarioMain]); tests start it through
/// [io.holdfast.chaos.scenario.ScenarioLauncher].
@NullMarked
package io.holdfast.chaos.scenario;

import org.jspecify.annotations.NullMarked;
