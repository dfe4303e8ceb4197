package io.holdfast.chaos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What holds for this module beyond the rules of the whole project: it meets the product only as a process.
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.holdfast.chaos");

    @Test
    void rulesSeeTheModule() {
        assertTrue(CLASSES.size() > 100, "classes=" + CLASSES.size());
    }

    @Test
    void productIsMetOnlyAsAProcess() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage(
                "io.holdfast.consensus..", "io.holdfast.gridstate..", "io.holdfast.hostio..",
                "io.holdfast.node..", "io.holdfast.opsui..").check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.holdfast.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyOnePackageStartsProcesses() {
        noClasses().that().resideOutsideOfPackage("io.holdfast.chaos.process")
                .should().dependOnClassesThat().areAssignableTo(ProcessBuilder.class).check(CLASSES);
    }

    @Test
    void onlyOnePackageCallsTheSystem() {
        noClasses().that().resideOutsideOfPackage("io.holdfast.chaos.nativeaccess")
                .should().dependOnClassesThat().areAssignableTo(Linker.class).check(CLASSES);
    }

    @Test
    void onlyPauseSleeps() {
        noClasses().that().doNotHaveFullyQualifiedName("io.holdfast.chaos.pace.Pause")
                .should().callMethod(Thread.class, "sleep", Duration.class)
                .orShould().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }

    @Test
    void simulationReadsNoClockAndNoChanceOfItsOwn() {
        noClasses().that().resideInAnyPackage("io.holdfast.chaos.simulation", "io.holdfast.chaos.mutant")
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Math.class, "random").check(CLASSES);
    }
}
