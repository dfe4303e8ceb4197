package io.holdfast.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/// The arrows between modules, the confinement of vendors, and what replicated code must not do. An
/// exception stands here with its reason; a rule is never loosened for it.
final class ArchitectureRules {
    /// Vendor packages and the only packages of ours that may know them.
    static final Map<String, List<String>> CONFINED_VENDORS = Map.ofEntries(
            entry("org.apache.ratis..", List.of("io.holdfast.consensus.ratis..")),
            entry("org.rocksdb..", List.of("io.holdfast.consensus.rocksdb..")),
            entry("com.hazelcast..", List.of("io.holdfast.gridstate.hazelcast..")),
            entry("com.esotericsoftware..", List.of("io.holdfast.gridstate.codec..")),
            // The composition root opens the event loops that these share; the gateway passes streams on.
            entry("io.vertx..",
                    List.of("io.holdfast.node", "io.holdfast.node.http..", "io.holdfast.node.peerlink..",
                            "io.holdfast.node.gateway..")),
            entry("org.apache.commons.compress..", List.of("io.holdfast.hostio.image..")),
            entry("com.github.luben..", List.of("io.holdfast.hostio.image..", "io.holdfast.node.snapshot..")),
            entry("org.bouncycastle..", List.of("io.holdfast.node.identity..")),
            entry("com.nimbusds..", List.of("io.holdfast.node.http.oidc..")),
            entry("picocli..", List.of("io.holdfast.node.cli..")),
            // Registries are made in one place; counting into one that was handed over is everybody's right.
            entry("io.micrometer.prometheusmetrics..", List.of("io.holdfast.node.metrics..")));

    /// The adapters of consensus and grid-state talk to the world; what is replicated is decided outside of
    /// them.
    private static final String[] ADAPTERS = {
        "io.holdfast.consensus.ratis..",
        "io.holdfast.consensus.rocksdb..",
        "io.holdfast.gridstate.hazelcast.."
    };

    private ArchitectureRules() {}

    /// Every rule by its name.
    static Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("modules depend as designed", moduleArrows());
        rules.put("packages form no cycles", slices().matching("io.holdfast.(**)").should().beFreeOfCycles());
        CONFINED_VENDORS.forEach(
                (vendor, homes) -> rules.put(vendor + " stays in its adapter", vendor(vendor, homes)));
        rules.put("native calls stay in one package", noClasses()
                .that().resideOutsideOfPackage("io.holdfast.hostio.nativeaccess..")
                .should().dependOnClassesThat().haveFullyQualifiedName("java.lang.foreign.Linker"));
        rules.put("processes are started in one package", noClasses()
                .that().resideOutsideOfPackage("io.holdfast.hostio.process..")
                .should().dependOnClassesThat().haveFullyQualifiedName("java.lang.ProcessBuilder"));
        rules.put("replicated code reads no clock", noClock());
        rules.put("replicated code draws no lots", noLots());
        rules.put("standard streams are the command line's", noClasses()
                .that(resideOutsideOfPackages("io.holdfast.node.cli.."))
                .should(accessField(System.class, "out"))
                .orShould(accessField(System.class, "err")));
        rules.put("java.util.logging is not used", noClasses()
                .should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
        rules.put("bare exceptions are not thrown", classes()
                .should(createNoneOf(RuntimeException.class, Exception.class, Throwable.class, Error.class)));
        rules.put("every package is null-marked", classes().should(liveInMarkedPackage()));
        return rules;
    }

    private static ArchRule moduleArrows() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("consensus").definedBy("io.holdfast.consensus..")
                .layer("identifiers").definedBy("io.holdfast.hostio.id..")
                .layer("host-io").definedBy(resideInAPackage("io.holdfast.hostio..")
                        .and(resideOutsideOfPackages("io.holdfast.hostio.id..")))
                .layer("grid-state").definedBy("io.holdfast.gridstate..")
                .layer("ops-ui").definedBy("io.holdfast.opsui..")
                .layer("cluster-node").definedBy("io.holdfast.node..")
                .whereLayer("cluster-node").mayNotBeAccessedByAnyLayer()
                .whereLayer("grid-state").mayOnlyBeAccessedByLayers("cluster-node")
                .whereLayer("consensus").mayOnlyBeAccessedByLayers("grid-state", "cluster-node")
                .whereLayer("host-io").mayOnlyBeAccessedByLayers("cluster-node")
                .whereLayer("identifiers").mayOnlyBeAccessedByLayers("host-io", "grid-state", "cluster-node")
                .whereLayer("ops-ui").mayOnlyBeAccessedByLayers("cluster-node");
    }

    private static ArchRule vendor(String vendor, List<String> homes) {
        return noClasses()
                .that(resideOutsideOfPackages(homes.toArray(String[]::new)))
                .should().dependOnClassesThat().resideInAPackage(vendor);
    }

    private static ArchRule noClock() {
        return replicatedClasses()
                .should(callMethod(System.class, "nanoTime"))
                .orShould(callMethod(System.class, "currentTimeMillis"))
                .orShould(callMethod(Instant.class, "now"))
                .orShould(callMethod(LocalDate.class, "now"))
                .orShould(callMethod(LocalDateTime.class, "now"))
                .orShould(callMethod(ZonedDateTime.class, "now"))
                .orShould(callMethod(Clock.class, "systemUTC"))
                .orShould(callMethod(Clock.class, "systemDefaultZone"));
    }

    private static ArchRule noLots() {
        return replicatedClasses()
                .should(callMethod(UUID.class, "randomUUID"))
                .orShould(callMethod(Math.class, "random"))
                .orShould(callMethod(ThreadLocalRandom.class, "current"))
                .orShould().dependOnClassesThat().areAssignableTo(Random.class);
    }

    private static GivenClassesConjunction replicatedClasses() {
        return noClasses()
                .that().resideInAnyPackage("io.holdfast.consensus..", "io.holdfast.gridstate..")
                .and(resideOutsideOfPackages(ADAPTERS));
    }

    private static ArchCondition<JavaClass> createNoneOf(Class<?>... types) {
        List<String> names = Arrays.stream(types).map(Class::getName).toList();
        return new ArchCondition<>("create none of " + names) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaConstructorCall call : item.getConstructorCallsFromSelf()) {
                    boolean isOwnSuperCall = call.getOrigin().isConstructor()
                            && item.getRawSuperclass().filter(call.getTargetOwner()::equals).isPresent();
                    if (names.contains(call.getTargetOwner().getName()) && !isOwnSuperCall) {
                        events.add(SimpleConditionEvent.violated(call, call.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> liveInMarkedPackage() {
        return new ArchCondition<>("live in a package marked @NullMarked") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean isMarked = item.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        item, isMarked, item.getName() + " is in an unmarked package"));
            }
        };
    }
}
