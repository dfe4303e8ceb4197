package io.holdfast.chaos.mutant;

import java.util.ArrayList;
import java.util.List;

/// Runs every mutant from one seed after the other until it is caught or the bound is reached. Immutable.
///
/// @param runCountMax runs per mutant
public record MutantSuite(List<Mutant> mutants, int runCountMax) {
    public MutantSuite {
        mutants = List.copyOf(mutants);
    }

    /// One outcome per mutant, in order.
    public List<MutantOutcome> run(long firstSeed) {
        List<MutantOutcome> outcomes = new ArrayList<>();
        for (Mutant mutant : mutants) {
            outcomes.add(hunt(mutant, firstSeed));
        }
        return outcomes;
    }

    private MutantOutcome hunt(Mutant mutant, long firstSeed) {
        for (int i = 0; i < runCountMax; i++) {
            String rule = mutant.namedBy(mutant.subject().run(firstSeed + i));
            if (!rule.isEmpty()) {
                return new MutantOutcome(mutant.name(), rule, firstSeed + i, i + 1);
            }
        }
        return new MutantOutcome(mutant.name(), "", firstSeed + runCountMax - 1, runCountMax);
    }
}
