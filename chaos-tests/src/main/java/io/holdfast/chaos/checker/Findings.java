package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The breaches found so far by one checker, the first of each rule kept with evidence: many of one must not
/// hide another. Confined to its thread.
final class Findings {
    private static final int KEPT_OF_A_RULE_MAX = 20;

    private final String checker;
    private final List<Violation> kept = new ArrayList<>();
    private final Map<String, Integer> countByRule = new HashMap<>();
    private long violationCount;
    private long checkedCount;

    Findings(String checker) {
        this.checker = checker;
    }

    void checked(long count) {
        checkedCount += count;
    }

    void add(String rule, String key, String evidence) {
        violationCount++;
        if (countByRule.merge(rule, 1, Integer::sum) <= KEPT_OF_A_RULE_MAX) {
            kept.add(new Violation(rule, key, evidence));
        }
    }

    Verdict verdict() {
        return kept.isEmpty()
                ? new Verdict.Passed(checker, checkedCount)
                : new Verdict.Violated(checker, checkedCount, kept, violationCount);
    }
}
