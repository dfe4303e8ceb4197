package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Moves the watermark on, unless a leader of a later term has it; answers what stands afterwards. The
/// position never goes back.
final class AdvanceWatermark
        implements EntryProcessor<String, GridWatermark, GridWatermark>, IdentifiedDataSerializable {
    private @Nullable GridWatermark next;

    /// For the vendor's deserialization.
    AdvanceWatermark() {}

    AdvanceWatermark(GridWatermark next) {
        this.next = next;
    }

    @Override
    public @Nullable GridWatermark process(Map.Entry<String, GridWatermark> entry) {
        GridWatermark held = entry.getValue();
        GridWatermark wanted = next;
        if (wanted == null || (held != null && held.term().isAfter(wanted.term()))) {
            return held;
        }
        GridWatermark result = held != null && held.position().compareTo(wanted.position()) > 0
                ? new GridWatermark(wanted.term(), held.position(), wanted.beat())
                : wanted;
        entry.setValue(result);
        return result;
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.ADVANCE_WATERMARK;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(next == null ? null : next.encode());
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        next = GridWatermark.decode(EntrySerialization.readBytes(in));
    }
}
