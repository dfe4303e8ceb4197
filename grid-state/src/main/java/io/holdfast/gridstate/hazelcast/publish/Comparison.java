package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridValue;
import io.holdfast.gridstate.hazelcast.entry.PartitionListing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One partition of one catalog, in the store and in the grid. Immutable.
///
/// @param asOf nothing that the ledger decided later is judged
/// @param expected what the store holds
/// @param found what the grid held after it had been published to as far as the store was read
record Comparison(long asOf, Map<GridKey, GridValue> expected, PartitionListing found) {
    /// @param remedies what makes the grid equal
    record Differences(long missing, long stale, long surplus, List<GridEntry> remedies) {}

    Differences differences() {
        long missing = 0;
        long stale = 0;
        long surplus = 0;
        List<GridEntry> remedies = new ArrayList<>();
        for (Map.Entry<GridKey, GridValue> each : expected.entrySet()) {
            GridValue record = each.getValue();
            ChangePosition live = found.live().get(each.getKey());
            ChangePosition removed = found.removed().get(each.getKey());
            ChangePosition held = live != null ? live : removed;
            if (record.index() > asOf || (held != null && held.index() >= record.index())) {
                continue;
            }
            if (held != null) {
                stale++;
            } else {
                missing++;
            }
            remedies.add(new GridEntry(each.getKey(), record));
        }
        for (Map.Entry<GridKey, ChangePosition> each : found.live().entrySet()) {
            if (each.getValue().index() <= asOf && !expected.containsKey(each.getKey())) {
                surplus++;
                // As of the whole entry: whatever comes later is newer, whatever was before is older.
                remedies.add(new GridEntry(each.getKey(), GridValue.removed(ChangePosition.endOf(asOf))));
            }
        }
        return new Differences(missing, stale, surplus, remedies);
    }
}
