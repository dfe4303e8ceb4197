package io.holdfast.chaos.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scenarios on clusters of real node processes, each in a sandbox of its own. They take minutes and a
/// machine of their own, so they are played when they are asked for:
/// `-Dholdfast.chaos.scenario=all`, or the name of one.
@Tag("chaos")
@EnabledIfSystemProperty(
        named = "holdfast.chaos.scenario", matches = ".+",
        disabledReason = "scenarios are played with -Dholdfast.chaos.scenario=all or a scenario's name")
@Timeout(360)
final class ChaosScenariosTest {
    private static final Path EXECUTABLE =
            Path.of("..", "cluster-node", "bin", "holdfast").toAbsolutePath().normalize();
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20_250_917);
    private static final int SCALE = Integer.getInteger("holdfast.chaos.scale", 1);
    private static final String ONLY = System.getProperty("holdfast.chaos.scenario", "all");

    @ParameterizedTest
    @ValueSource(classes = {
        LeaderKillScenario.class,
        WholeClusterKillScenario.class,
        PartitionScenario.class,
        HostFaultScenario.class
    })
    void whatWasAcknowledgedStaysAndWhatIsReadIsTrue(Class<? extends Scenario> scenario) throws Exception {
        boolean isAskedFor = ONLY.equals("all") || ONLY.equals(scenario.getSimpleName());
        assumeTrue(isAskedFor, "another scenario was asked for");
        ScenarioLauncher.Run run =
                new ScenarioLauncher(EXECUTABLE, Path.of("target", "chaos").toAbsolutePath(), SEED, SCALE)
                        .play(scenario);
        assertTrue(run.isPassed(), () -> "exit=" + run.exitCode() + " log=" + run.log() + " again: "
                + run.replay() + "\n" + run.report().write());
    }
}
