package io.holdfast.chaos.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.sandbox.Capability;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scenarios on clusters of real node processes, each in a sandbox of its own. A short one is part of
/// every build; the long ones take many minutes and are played when they are asked for:
/// `-Dholdfast.chaos.scenario=all`, or the name of one, with `-Dholdfast.chaos.faults` for how many faults.
/// The soak lasts `-Dholdfast.chaos.minutes`.
@Tag("chaos")
@Order(1)
final class ChaosScenariosTest {
    private static final Path EXECUTABLE =
            Path.of("..", "cluster-node", "bin", "holdfast").toAbsolutePath().normalize();
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20_250_917);
    private static final int FAULT_COUNT = Integer.getInteger("holdfast.chaos.faults", 0);
    private static final String SOAK_MINUTES = "holdfast.chaos.minutes";
    private static final int MINUTES = Integer.getInteger(SOAK_MINUTES, 0);
    private static final String ASKED_FOR = "holdfast.chaos.scenario";
    private static final String ONLY = System.getProperty(ASKED_FOR, "");

    @Test
    @Timeout(900)
    void aLittleOfEverythingLosesNothing() throws Exception {
        assumeTrue((ONLY.isEmpty() && MINUTES == 0) || isAskedFor(ShortScenario.class),
                "another scenario was asked for");
        play(ShortScenario.class, OptionalInt.empty());
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(
            named = ASKED_FOR, matches = ".+",
            disabledReason = "long scenarios are played with -Dholdfast.chaos.scenario=all or a name")
    @Timeout(7_200)
    @ValueSource(classes = {
        LeaderKillScenario.class,
        WholeClusterKillScenario.class,
        PartitionScenario.class,
        HostFaultScenario.class,
        GridFaultScenario.class,
        VolumeFaultScenario.class,
        MembershipScenario.class,
        DiskFaultScenario.class
    })
    void whatWasAcknowledgedStaysAndWhatIsReadIsTrue(Class<? extends Scenario> scenario) throws Exception {
        assumeTrue(isAskedFor(scenario), "another scenario was asked for");
        play(scenario, FAULT_COUNT == 0 ? OptionalInt.empty() : OptionalInt.of(FAULT_COUNT));
    }

    @Test
    @EnabledIfSystemProperty(
            named = SOAK_MINUTES, matches = "[1-9]\\d*",
            disabledReason = "the soak is played for as long as -Dholdfast.chaos.minutes says")
    @Timeout(21_600)
    void allFaultsAtOnceForAsLongAsOneLikes() throws Exception {
        assumeTrue(ONLY.isEmpty() || isAskedFor(SoakScenario.class), "another scenario was asked for");
        play(SoakScenario.class, OptionalInt.empty());
    }

    private static boolean isAskedFor(Class<? extends Scenario> scenario) {
        return ONLY.equals("all") || ONLY.equals(scenario.getSimpleName());
    }

    private static void play(Class<? extends Scenario> scenario, OptionalInt faultCount) throws Exception {
        assumeTrue(Capability.NAMESPACES.isThere(), Capability.NAMESPACES::missing);
        Path folder = Path.of("target", "chaos").toAbsolutePath();
        ScenarioLauncher.Run run =
                new ScenarioLauncher(EXECUTABLE, folder, SEED, faultCount, MINUTES).play(scenario);
        assertTrue(run.isPassed(), () -> "exit=" + run.exitCode() + " log=" + run.log() + " again: "
                + run.replay() + "\n" + run.report().write());
    }
}
