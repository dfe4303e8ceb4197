/// Stories of faults on real clusters, each with what must hold in the end. A scenario runs in a sandbox, in
/// a JVM of its own ([io.holdfast.chaos.scenario.ScenarioMain]); tests start it through
/// [io.holdfast.chaos.scenario.ScenarioLauncher]. It consists of acts
/// ([io.holdfast.chaos.scenario.Act]), which may share a cluster and are then judged over their whole
/// history.
@NullMarked
package io.holdfast.chaos.scenario;

import org.jspecify.annotations.NullMarked;
