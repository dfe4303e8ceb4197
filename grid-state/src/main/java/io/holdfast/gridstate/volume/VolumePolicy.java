package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// What a volume's owner wants it to do by itself.
///
/// @param isDegradedAllowed whether it is written with fewer parity strips than its profile says while too
/// few hosts are up; such chunks are at risk until they are repaired
/// @param checkIntervalMillis how often its map is checked; 0 for never
public record VolumePolicy(boolean isDegradedAllowed, long checkIntervalMillis) {
    /// Writes stop rather than become less safe; nothing is checked unasked.
    public static final VolumePolicy STRICT = new VolumePolicy(false, 0);

    private static final long YEAR_MILLIS = 366L * 24 * 3_600_000;

    public VolumePolicy {
        Check.range("a check's interval", checkIntervalMillis, 0, YEAR_MILLIS);
    }
}
