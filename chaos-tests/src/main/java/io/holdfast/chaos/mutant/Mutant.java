package io.holdfast.chaos.mutant;

import io.holdfast.chaos.checker.Verdict;
import java.util.List;
import java.util.Set;

/// One planted bug.
///
/// @param name of the bug
/// @param rules of checkers; that it is caught means that one of these is named
/// @param subject what the bug is planted in
public record Mutant(String name, Set<String> rules, Subject subject) {
    public Mutant {
        rules = Set.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("nothing would catch it: " + name);
        }
    }

    /// Something that can be run from a seed and judged.
    @FunctionalInterface
    public interface Subject {
        List<Verdict> run(long seed);
    }

    /// The first of the rules that these verdicts name, or empty.
    String namedBy(List<Verdict> verdicts) {
        return rules.stream()
                .sorted()
                .filter(rule -> verdicts.stream().anyMatch(verdict -> verdict.names(rule)))
                .findFirst()
                .orElse("");
    }
}
