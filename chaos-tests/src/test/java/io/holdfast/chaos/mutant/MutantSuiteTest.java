package io.holdfast.chaos.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.mutant.subject.CatalogSubject;
import io.holdfast.chaos.mutant.subject.FencingSubject;
import io.holdfast.chaos.mutant.subject.RetrySubject;
import io.holdfast.chaos.mutant.subject.VolumeSubject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutantSuiteTest {
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20260106L);
    private static final int RUN_COUNT_MAX = 400;
    private static final int PRODUCT_RUN_COUNT_MAX = 20;
    private static final int GOOD_RUN_COUNT = 2;

    @Test
    void everyPlantedBugIsCaughtByName() {
        List<MutantOutcome> outcomes = new MutantSuite(ModelMutants.all(), RUN_COUNT_MAX).run(SEED);
        List<MutantOutcome> missed = outcomes.stream().filter(outcome -> !outcome.isCaught()).toList();
        assertTrue(missed.isEmpty(), "seed=" + SEED + ", missed=" + missed);
        assertTrue(outcomes.size() >= 29, "mutants=" + outcomes.size());
    }

    @Test
    void everyBugInTheProductsOwnRulesIsCaughtByName() {
        List<MutantOutcome> outcomes = new MutantSuite(ProductMutants.all(), PRODUCT_RUN_COUNT_MAX).run(SEED);
        List<MutantOutcome> missed = outcomes.stream().filter(outcome -> !outcome.isCaught()).toList();
        assertTrue(missed.isEmpty(), "seed=" + SEED + ", missed=" + missed);
        assertTrue(outcomes.size() >= 12, "mutants=" + outcomes.size());
    }

    @ParameterizedTest
    @ValueSource(classes = {
        CatalogSubject.class,
        RetrySubject.class,
        FencingSubject.class,
        VolumeSubject.class
    })
    void productWithoutAPlantedBugPasses(Class<? extends Mutant.Subject> subject) throws Exception {
        for (int run = 0; run < GOOD_RUN_COUNT; run++) {
            List<Verdict> verdicts = subject.getConstructor().newInstance().run(SEED + run);
            assertTrue(verdicts.stream().allMatch(Verdict::isPassed), verdicts.toString());
        }
    }

    @Test
    void huntEndsWithTheFirstRunThatNamesTheRule() {
        MutantOutcome outcome = new MutantSuite(List.of(mutant("lost-element")), 10).run(5).getFirst();
        assertEquals(new MutantOutcome("planted", "lost-element", 7, 3), outcome);
    }

    @Test
    void bugNamedByAnotherRuleIsMissed() {
        MutantOutcome outcome = new MutantSuite(List.of(mutant("stale")), 10).run(5).getFirst();
        assertFalse(outcome.isCaught());
        assertEquals(10, outcome.runCount());
    }

    @Test
    void mutantThatNothingCouldCatchIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new Mutant("planted", Set.of(), _ -> List.of()));
    }

    /// Shows itself from seed 7 on.
    private static Mutant mutant(String rule) {
        Verdict violated = new Verdict.Violated(
                "set", 1, List.of(new Violation("lost-element", "k", "evidence")), 1);
        Verdict passed = new Verdict.Passed("set", 1);
        return new Mutant("planted", Set.of(rule), seed -> List.of(seed < 7 ? passed : violated));
    }
}
