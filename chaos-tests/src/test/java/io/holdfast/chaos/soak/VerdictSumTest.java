package io.holdfast.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.SetChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.Violation;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictSumTest {
    private static Verdict.Violated violated(String checker, String rule, int kept, long all) {
        return new Verdict.Violated(
                checker, 10, Collections.nCopies(kept, new Violation(rule, "k", "e")), all);
    }

    @Test
    void oneBreachInAnyWindowIsABreachOfTheRun() {
        VerdictSum sum = new VerdictSum();
        sum.add(List.of(new Verdict.Passed("set", 5), new Verdict.Passed("lease", 7)));
        sum.add(List.of(violated("set", SetChecker.LOST, 1, 1)));
        sum.add(List.of(new Verdict.Passed("set", 5)));
        assertEquals(List.of(
                new Verdict.Violated("set", 20, List.of(new Violation(SetChecker.LOST, "k", "e")), 1),
                new Verdict.Passed("lease", 7)), sum.verdicts());
    }

    @Test
    void undecidedStaysUndecided() {
        VerdictSum sum = new VerdictSum();
        sum.add(List.of(new Verdict.Passed("copy", 5)));
        sum.add(List.of(new Verdict.Undecided("copy", 0, "silent")));
        sum.add(List.of(new Verdict.Passed("copy", 5)));
        assertEquals(List.of(new Verdict.Undecided("copy", 10, "silent")), sum.verdicts());
    }

    @Test
    void breachesAreToldApartAndNoneIsForgotten() {
        VerdictSum.Breaches breaches = VerdictSum.breaches(List.of(
                violated("set", SetChecker.LOST, 20, 33),
                violated("versioned-register", VersionedRegisterChecker.STALE, 2, 2),
                violated("lease", LeaseChecker.TWO_HOLDERS, 1, 1)));
        assertEquals(new VerdictSum.Breaches(20, 2, 1, 13), breaches);
        assertEquals(36, breaches.count());
    }

    @Test
    void evidenceIsBounded() {
        VerdictSum sum = new VerdictSum();
        for (int window = 0; window < 100; window++) {
            sum.add(List.of(violated("set", SetChecker.LOST, 20, 20)));
        }
        Verdict.Violated all = (Verdict.Violated) sum.verdicts().getFirst();
        assertEquals(20, all.violations().size());
        assertEquals(2_000, all.violationCount());
    }
}
