package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges a set to which elements are only added, by what a last read finds in it. Linear time. Immutable.
public final class SetChecker {
    /// An acknowledged element is not there.
    public static final String LOST = "lost-element";
    /// An element is there that nobody added, or whose addition was refused.
    public static final String UNEXPECTED = "unexpected-element";
    /// An element is there more than once.
    public static final String DUPLICATE = "duplicate-element";

    /// Holds additions against what is there in the end.
    ///
    /// @param additions one per element; the action is the element
    /// @param found what a read after all additions returned
    public Verdict check(History<String, ?> additions, List<String> found) {
        Findings findings = new Findings("set");
        Set<String> present = new HashSet<>();
        for (String element : found) {
            if (!present.add(element)) {
                findings.add(DUPLICATE, element, "found twice among " + found.size());
            }
        }
        Map<String, Operation<String, ?>> additionOf = new HashMap<>();
        for (Operation<String, ?> addition : additions.operations()) {
            additionOf.put(addition.action(), addition);
            if (addition.isOk() && !present.contains(addition.action())) {
                findings.add(LOST, addition.action(), addition.describe());
            }
        }
        for (String element : present) {
            Operation<String, ?> addition = additionOf.get(element);
            if (addition == null || addition.outcome() instanceof Outcome.Failed<?>) {
                findings.add(UNEXPECTED, element, addition == null ? "never added" : addition.describe());
            }
        }
        findings.checked(additions.size());
        return findings.verdict();
    }
}
