package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What must hold after every event of the model: one leader per term, and an index once committed keeps its
/// entry on every node.
final class ModelInvariants {
    static final String TWO_LEADERS = "two-leaders-in-a-term";
    static final String COMMITTED_DIFFERS = "committed-entry-differs";

    private final Map<Long, Integer> leaders = new HashMap<>();
    private final Map<Integer, ModelEntry> entries = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private long checkedCount;

    void leads(int node, long term) {
        checkedCount++;
        Integer other = leaders.putIfAbsent(term, node);
        if (other != null && other != node) {
            violations.add(new Violation(TWO_LEADERS, "term " + term, "nodes " + other + " and " + node));
        }
    }

    void committed(int index, ModelEntry entry) {
        checkedCount++;
        ModelEntry other = entries.putIfAbsent(index, entry);
        if (other != null && !other.equals(entry)) {
            violations.add(new Violation(COMMITTED_DIFFERS, "index " + index, other + " and " + entry));
        }
    }

    Verdict verdict() {
        return violations.isEmpty()
                ? new Verdict.Passed("invariants", checkedCount)
                : new Verdict.Violated("invariants", checkedCount,
                        violations.subList(0, Math.min(20, violations.size())), violations.size());
    }
}
