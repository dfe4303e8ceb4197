package io.holdfast.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds the product's classes against every rule of [ArchitectureRules].
final class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.holdfast");

    @Test
    void sawAllModules() {
        for (String root : List.of("consensus", "gridstate", "hostio", "opsui", "node")) {
            assertTrue(
                    PRODUCT.stream().anyMatch(c -> c.getPackageName().startsWith("io.holdfast." + root)),
                    () -> "no class of " + root + " was seen, so the rules would pass on nothing");
        }
    }

    @TestFactory
    Stream<DynamicTest> productKeepsTheRules() {
        return ArchitectureRules.all().entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(PRODUCT)));
    }
}
