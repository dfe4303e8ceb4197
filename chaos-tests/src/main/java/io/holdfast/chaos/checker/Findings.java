package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.List;

/// The breaches found so far by one checker, the first of them kept with evidence. Confined to its thread.
final class Findings {
    private static final int KEPT_COUNT_MAX = 20;

    private final String checker;
    private final List<Violation> kept = new ArrayList<>();
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
        if (kept.size() < KEPT_COUNT_MAX) {
            kept.add(new Violation(rule, key, evidence));
        }
    }

    Verdict verdict() {
        return kept.isEmpty()
                ? new Verdict.Passed(checker, checkedCount)
                : new Verdict.Violated(checker, checkedCount, kept, violationCount);
    }
}
