package io.holdfast.chaos.soak;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Verdicts of one window after the other, as one per checker. Confined to its thread.
public final class VerdictSum {
    private static final int KEPT_COUNT_MAX = 20;
    private static final Set<String> LOSSES =
            Set.of("lost-element", "acknowledged-lost", "block-lost", "copy-missing");
    private static final Set<String> LEASES = Set.of("two-holders", "token-not-growing", "old-token-accepted",
            "former-server-answered", "old-holder-acknowledged");

    private final Map<String, Verdict> sums = new LinkedHashMap<>();

    /// Breaches by what they mean.
    ///
    /// @param lost acknowledged and not there
    /// @param wrong served or done and not true
    /// @param lease held by two, or served by a former holder
    /// @param further found, but not kept one by one
    public record Breaches(long lost, long wrong, long lease, long further) {
        public long count() {
            return lost + wrong + lease + further;
        }
    }

    /// Adds the verdicts of a window.
    public void add(List<Verdict> verdicts) {
        verdicts.forEach(verdict -> sums.merge(verdict.checker(), verdict, VerdictSum::both));
    }

    private static Verdict both(Verdict a, Verdict b) {
        long checked = a.checkedCount() + b.checkedCount();
        if (a instanceof Verdict.Violated || b instanceof Verdict.Violated) {
            List<Violation> kept = new ArrayList<>(violations(a));
            kept.addAll(violations(b));
            return new Verdict.Violated(a.checker(), checked,
                    kept.subList(0, Math.min(KEPT_COUNT_MAX, kept.size())), count(a) + count(b));
        }
        if (a instanceof Verdict.Undecided undecided) {
            return new Verdict.Undecided(a.checker(), checked, undecided.reason());
        }
        return b instanceof Verdict.Undecided undecided
                ? new Verdict.Undecided(b.checker(), checked, undecided.reason())
                : new Verdict.Passed(a.checker(), checked);
    }

    private static List<Violation> violations(Verdict verdict) {
        return verdict instanceof Verdict.Violated violated ? violated.violations() : List.of();
    }

    private static long count(Verdict verdict) {
        return verdict instanceof Verdict.Violated violated ? violated.violationCount() : 0;
    }

    public List<Verdict> verdicts() {
        return List.copyOf(sums.values());
    }

    public static Breaches breaches(List<Verdict> verdicts) {
        long lost = 0;
        long wrong = 0;
        long lease = 0;
        long all = 0;
        for (Verdict verdict : verdicts) {
            all += count(verdict);
            for (Violation violation : violations(verdict)) {
                if (LOSSES.contains(violation.rule())) {
                    lost++;
                } else if (LEASES.contains(violation.rule())) {
                    lease++;
                } else {
                    wrong++;
                }
            }
        }
        return new Breaches(lost, wrong, lease, all - lost - wrong - lease);
    }
}
