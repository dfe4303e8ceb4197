package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/// After a split: of two values of one key the newer stays. Immutable. Made by the vendor, by name.
public final class NewestWins
        implements SplitBrainMergePolicy<GridValue, MergingValue<GridValue>, Object>,
                IdentifiedDataSerializable {
    @Override
    public @Nullable Object merge(
            @Nullable MergingValue<GridValue> merging, @Nullable MergingValue<GridValue> existing) {
        GridValue incoming = merging == null ? null : merging.getDeserializedValue();
        GridValue held = existing == null ? null : existing.getDeserializedValue();
        if (incoming == null) {
            return held;
        }
        return held == null || incoming.isNewerThan(held) ? incoming : held;
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.NEWEST_WINS;
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
}
