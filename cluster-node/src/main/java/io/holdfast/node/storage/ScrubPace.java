package io.holdfast.node.storage;

import java.time.Duration;

/// How fast a disk is scrubbed: all that it holds within a period, and never slower than a trickle.
/// Immutable.
///
/// @param period in which everything is read once
public record ScrubPace(Duration period) {
    /// So that an almost empty disk is done soon.
    private static final long BYTES_PER_SECOND_MIN = 1L << 20;

    /// How many bytes may be read in a step.
    public long bytes(long usedBytes, Duration step) {
        long perSecond = Math.max(BYTES_PER_SECOND_MIN, usedBytes / Math.max(1, period.toSeconds()));
        return Math.max(1, perSecond * step.toMillis() / 1_000);
    }
}
