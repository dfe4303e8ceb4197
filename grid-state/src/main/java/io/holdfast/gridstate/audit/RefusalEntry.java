package io.holdfast.gridstate.audit;

import io.holdfast.gridstate.catalog.Check;

/// Calls that a node refused within a few seconds, alike in all but their time.
///
/// @param timeMillis of the ledger entry that reports them
/// @param node that refused them
/// @param refused what they were
public record RefusalEntry(long timeMillis, String node, RefusedCall refused) {
    public RefusalEntry {
        Check.notNegative("a time", timeMillis);
        Check.name("a node's name", node);
    }
}
