package io.holdfast.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.chaos.fault.Choice;
import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FaultKinds;
import io.holdfast.chaos.fault.FaultPlan;
import io.holdfast.chaos.fault.KillFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultNamesTest {
    private static final List<String> NODES = List.of("node-1", "node-2", "node-3");

    @Test
    void everyKindHasANameOfItsOwnWithoutNodes() {
        List<FaultPlan.Kind> kinds = new ArrayList<>(FaultKinds.cuts());
        kinds.addAll(FaultKinds.troubles());
        kinds.addAll(FaultKinds.disks());
        kinds.addAll(FaultKinds.brokenDisks());
        kinds.addAll(FaultKinds.starvation());
        kinds.addAll(FaultKinds.clocks());
        Set<String> names = new HashSet<>();
        for (FaultPlan.Kind kind : kinds) {
            Fault fault = kind.make(Choice.of(new SplittableRandom(7), NODES));
            String name = FaultNames.of(fault);
            assertFalse(name.contains("node") || name.contains("[") || name.isBlank(), name);
            names.add(name);
        }
        assertEquals(kinds.size(), names.size(), names.toString());
    }

    @Test
    void wholeClusterIsToldFromSomeNodes() {
        assertEquals("kill -9", FaultNames.of(new KillFault(List.of("node-1"))));
        assertEquals("kill -9 of the whole cluster", FaultNames.of(new KillFault(NODES)));
    }
}
