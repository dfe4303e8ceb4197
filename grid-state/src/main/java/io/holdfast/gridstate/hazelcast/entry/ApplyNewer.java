package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Replaces each value by the one it carries for the key, if that is newer. Carries the entries of one
/// partition. Runs on the partition's thread, there and on its backup.
final class ApplyNewer implements EntryProcessor<GridKey, GridValue, Void>, IdentifiedDataSerializable {
    private final Map<GridKey, GridValue> values;
    private long tombstoneMillis;

    /// For the vendor's deserialization.
    ApplyNewer() {
        values = new HashMap<>();
    }

    /// Of several entries with one key the newest counts.
    ///
    /// @param tombstoneMillis how long the mark of a removal is kept; zero keeps it for ever
    ApplyNewer(List<GridEntry> entries, long tombstoneMillis) {
        values = HashMap.newHashMap(entries.size());
        for (GridEntry entry : entries) {
            values.merge(entry.key(), entry.value(), (held, next) -> next.isNewerThan(held) ? next : held);
        }
        this.tombstoneMillis = tombstoneMillis;
    }

    Iterable<GridKey> keys() {
        return values.keySet();
    }

    @Override
    public @Nullable Void process(Map.Entry<GridKey, GridValue> entry) {
        GridValue next = values.get(entry.getKey());
        GridValue held = entry.getValue();
        if (next != null && (held == null || next.isNewerThan(held))) {
            // Zero lifts the expiry that a tombstone before it may have set.
            long millis = next.isRemoved() ? tombstoneMillis : 0;
            ((ExtendedMapEntry<GridKey, GridValue>) entry)
                    .setValue(next, millis, TimeUnit.MILLISECONDS);
        }
        return null;
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.APPLY_NEWER;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(tombstoneMillis);
        out.writeInt(values.size());
        for (Map.Entry<GridKey, GridValue> each : values.entrySet()) {
            out.writeByteArray(each.getKey().bytes());
            out.writeByteArray(each.getValue().payload());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        tombstoneMillis = in.readLong();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            GridKey key = GridKey.of(EntrySerialization.readBytes(in));
            values.put(key, GridValue.ofPayload(EntrySerialization.readBytes(in), null));
        }
    }
}
