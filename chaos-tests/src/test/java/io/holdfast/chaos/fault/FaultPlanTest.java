package io.holdfast.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final List<String> NODES = List.of("a", "b", "c", "d", "e");

    private static FaultPlan plan(long seed) {
        List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.cuts());
        kinds.addAll(FaultKinds.troubles());
        kinds.addAll(FaultKinds.processes());
        kinds.addAll(FaultKinds.disks());
        kinds.addAll(FaultKinds.clocks());
        return FaultPlan.random(new SplittableRandom(seed), NODES, kinds, 40, Duration.ofSeconds(2));
    }

    @Test
    void sameSeedMakesTheSamePlan() {
        assertEquals(plan(1), plan(1));
        assertNotEquals(plan(1), plan(2));
    }

    @Test
    void everyKindAppearsBeforeOneComesThrice() {
        Set<String> sorts = new HashSet<>();
        plan(3).steps().forEach(step -> sorts.add(step.fault().describe().split(" ", 2)[0]));
        assertTrue(sorts.containsAll(Set.of("partition", "isolation", "one-way", "ring", "bridge",
                "half-open",
                "kill", "freeze", "clock")), sorts.toString());
    }

    @Test
    void processFaultsLeaveAMajority() {
        for (FaultPlan.Step step : plan(4).steps()) {
            if (step.fault() instanceof KillFault kill) {
                assertTrue(kill.nodes().size() <= 2, kill.describe());
            }
        }
    }

    @Test
    void durationsStayWithinTheirBounds() {
        for (FaultPlan.Step step : plan(5).steps()) {
            assertTrue(step.lasting().toMillis() >= 1_000 && step.lasting().toMillis() <= 2_000);
        }
    }

    @Test
    void flappingRepeatsTheFault() {
        Fault fault = new KillFault(List.of("a"));
        FaultPlan plan = FaultPlan.flapping(fault, 3, Duration.ofMillis(1), Duration.ofMillis(2))
                .then(FaultPlan.flapping(fault, 1, Duration.ZERO, Duration.ZERO));
        assertEquals(4, plan.steps().size());
    }
}
