package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.change.ChangePosition;
import java.util.HashMap;
import java.util.Map;

/// Answers the [PartitionListing] of a partition.
final class ListingOperation extends PartitionScanOperation {
    private final Map<GridKey, ChangePosition> live = new HashMap<>();
    private final Map<GridKey, ChangePosition> removed = new HashMap<>();

    /// For the vendor's deserialization.
    ListingOperation() {}

    ListingOperation(String map) {
        super(map);
    }

    @Override
    void visit(GridKey key, GridValue value) {
        (value.isRemoved() ? removed : live).put(key, value.position());
    }

    @Override
    public Object getResponse() {
        return new PartitionListing(live, removed);
    }

    @Override
    public int getClassId() {
        return EntrySerialization.LISTING_OPERATION;
    }
}
