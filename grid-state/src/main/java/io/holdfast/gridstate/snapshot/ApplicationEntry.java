package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;

/// What is kept of an application's snapshots. Unprotected ready snapshots beyond either bound are pruned,
/// oldest first.
///
/// @param keepCount ready snapshots to keep
/// @param keepMillis how long a ready snapshot is kept; `Long.MAX_VALUE` for ever
/// @param readyCount ready snapshots that are not protected
/// @param snapshotCount snapshots in any state
public record ApplicationEntry(int keepCount, long keepMillis, int readyCount, int snapshotCount) {
    /// Snapshots of one application, in any state.
    public static final int SNAPSHOTS_MAX = 10_000;

    public ApplicationEntry {
        Check.range("snapshots to keep", keepCount, 1, SNAPSHOTS_MAX);
        Check.range("a time to keep", keepMillis, 1, Long.MAX_VALUE);
        Check.range("a ready count", readyCount, 0, SNAPSHOTS_MAX);
        Check.range("a snapshot count", snapshotCount, 0, SNAPSHOTS_MAX);
    }

    ApplicationEntry withRetention(int count, long millis) {
        return new ApplicationEntry(count, millis, readyCount, snapshotCount);
    }

    ApplicationEntry withCounts(int ready, int all) {
        return new ApplicationEntry(keepCount, keepMillis, ready, all);
    }
}
