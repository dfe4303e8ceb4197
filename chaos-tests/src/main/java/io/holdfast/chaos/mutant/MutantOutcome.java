package io.holdfast.chaos.mutant;

/// What became of a mutant.
///
/// @param rule by which it was caught, empty if it was not
/// @param seed of the run that caught it, or of the last one that did not
/// @param runCount runs until then
public record MutantOutcome(String mutant, String rule, long seed, int runCount) {
    public boolean isCaught() {
        return !rule.isEmpty();
    }
}
