package io.holdfast.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.holdfast.consensus.planted.PlantedViolations;
import io.holdfast.consensus.planted.other.OtherHalf;
import io.holdfast.hostio.process.ProcessRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Plants a violation of each architecture rule and sees that rule turn red.
final class PlantedViolationTest {
    private static Map<String, List<Class<?>>> planted() {
        Map<String, List<Class<?>>> byRule = new LinkedHashMap<>();
        byRule.put("modules depend as designed", List.of(PlantedViolations.Arrow.class, ProcessRun.class));
        byRule.put("packages form no cycles", List.of(PlantedViolations.HalfOfCycle.class, OtherHalf.class));
        ArchitectureRules.CONFINED_VENDORS.keySet().forEach(vendor ->
                byRule.put(vendor + " stays in its adapter", List.of(PlantedViolations.UsesVendor.class)));
        byRule.put("native calls stay in one package", List.of(PlantedViolations.CallsNative.class));
        byRule.put("processes are started in one package", List.of(PlantedViolations.StartsProcess.class));
        byRule.put("replicated code reads no clock", List.of(PlantedViolations.ReadsClock.class));
        byRule.put("replicated code draws no lots", List.of(PlantedViolations.DrawsLots.class));
        byRule.put("standard streams are the command line's", List.of(PlantedViolations.Prints.class));
        byRule.put("java.util.logging is not used", List.of(PlantedViolations.LogsPastTheFacade.class));
        byRule.put("bare exceptions are not thrown", List.of(PlantedViolations.ThrowsBare.class));
        byRule.put("every package is null-marked", List.of(PlantedViolations.class));
        return byRule;
    }

    @Test
    void everyRuleHasItsPlantedViolation() {
        assertEquals(ArchitectureRules.all().keySet(), planted().keySet());
    }

    @TestFactory
    Stream<DynamicTest> turnsItsRuleRed() {
        return planted().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            JavaClasses classes = new ClassFileImporter().importClasses(entry.getValue());
            assertThrows(AssertionError.class, () ->
                    ArchitectureRules.all().get(entry.getKey()).allowEmptyShould(true).check(classes));
        }));
    }
}
