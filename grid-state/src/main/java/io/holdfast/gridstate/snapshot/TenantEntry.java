package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;

/// What a tenant may store and does store.
///
/// @param quotaBytes the most that its snapshots may hold
/// @param usedBytes what they hold, reservations included
/// @param snapshotCount how many there are
public record TenantEntry(long quotaBytes, long usedBytes, long snapshotCount) {
    public TenantEntry {
        Check.notNegative("a quota", quotaBytes);
        Check.notNegative("used bytes", usedBytes);
        Check.notNegative("a snapshot count", snapshotCount);
    }
}
