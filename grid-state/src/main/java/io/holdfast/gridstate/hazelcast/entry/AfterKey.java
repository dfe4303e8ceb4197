package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.query.Predicate;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/// Records (no tombstones) whose key begins with a prefix and stands after a cursor.
final class AfterKey implements Predicate<GridKey, GridValue>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    private byte[] prefix = {};
    private byte[] after = {};
    private boolean hasCursor;

    /// For the vendor's deserialization.
    AfterKey() {}

    AfterKey(byte[] prefix, byte[] after, boolean hasCursor) {
        this.prefix = prefix;
        this.after = after;
        this.hasCursor = hasCursor;
    }

    @Override
    public boolean apply(Map.Entry<GridKey, GridValue> entry) {
        byte[] key = entry.getKey().bytes();
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)
                && (!hasCursor || Arrays.compareUnsigned(key, after) > 0)
                && !entry.getValue().isRemoved();
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.AFTER_KEY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(prefix);
        out.writeByteArray(after);
        out.writeBoolean(hasCursor);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        prefix = EntrySerialization.readBytes(in);
        after = EntrySerialization.readBytes(in);
        hasCursor = in.readBoolean();
    }
}
