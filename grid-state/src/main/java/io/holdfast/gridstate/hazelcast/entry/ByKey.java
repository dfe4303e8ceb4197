package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Comparator;
import java.util.Map;

/// The order of pages: that of the ledger's store.
final class ByKey implements Comparator<Map.Entry<GridKey, GridValue>>, IdentifiedDataSerializable {
    @Override
    public int compare(Map.Entry<GridKey, GridValue> left, Map.Entry<GridKey, GridValue> right) {
        return left.getKey().compareTo(right.getKey());
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.BY_KEY;
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
}
