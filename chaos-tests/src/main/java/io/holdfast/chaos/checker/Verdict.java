package io.holdfast.chaos.checker;

import java.util.List;

/// What a checker says about a history.
public sealed interface Verdict {
    String checker();

    /// How many operations were looked at.
    long checkedCount();

    default boolean isPassed() {
        return this instanceof Passed;
    }

    /// Whether a breach of this rule was found.
    default boolean names(String rule) {
        return this instanceof Violated violated
                && violated.violations().stream().anyMatch(violation -> violation.rule().equals(rule));
    }

    /// No breach.
    record Passed(String checker, long checkedCount) implements Verdict {}

    /// At least one breach.
    ///
    /// @param violations the first ones; never empty
    /// @param violationCount all of them
    record Violated(String checker, long checkedCount, List<Violation> violations, long violationCount)
            implements Verdict {
        public Violated {
            violations = List.copyOf(violations);
            if (violations.isEmpty() || violationCount < violations.size()) {
                throw new IllegalArgumentException("a violated verdict needs evidence: checker=" + checker);
            }
        }
    }

    /// The budget was spent before an answer was found.
    record Undecided(String checker, long checkedCount, String reason) implements Verdict {}
}
