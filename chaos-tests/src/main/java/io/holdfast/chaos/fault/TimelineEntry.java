package io.holdfast.chaos.fault;

/// A fault that happened. Times are on the clock of the run's histories.
///
/// @param outcome `healed`, or why it could not be applied
public record TimelineEntry(String fault, long appliedNanos, long healedNanos, String outcome) {
    public static final String HEALED = "healed";

    /// Whether it really happened.
    public boolean isApplied() {
        return outcome.equals(HEALED);
    }
}
