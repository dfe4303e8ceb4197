package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.change.ChangePosition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Which keys a partition of one map holds, and since when. Immutable.
///
/// @param live the position of each record
/// @param removed the position of each tombstone
public record PartitionListing(Map<GridKey, ChangePosition> live, Map<GridKey, ChangePosition> removed) {
    private static final int FIXED_BYTES = 17;

    public PartitionListing {
        live = Map.copyOf(live);
        removed = Map.copyOf(removed);
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream((live.size() + removed.size()) * 48);
        live.forEach((key, position) -> append(out, key, position, false));
        removed.forEach((key, position) -> append(out, key, position, true));
        return out.toByteArray();
    }

    private static void append(
            ByteArrayOutputStream out, GridKey key, ChangePosition position, boolean isRemoved) {
        byte[] bytes = key.bytes();
        out.writeBytes(ByteBuffer.allocate(FIXED_BYTES)
                .put((byte) (isRemoved ? 1 : 0))
                .putInt(position.ordinal())
                .putLong(position.index())
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
    }

    static PartitionListing decode(byte[] bytes) {
        Map<GridKey, ChangePosition> live = new HashMap<>();
        Map<GridKey, ChangePosition> removed = new HashMap<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            boolean isRemoved = buffer.get() == 1;
            int ordinal = buffer.getInt();
            ChangePosition position = new ChangePosition(buffer.getLong(), ordinal);
            int length = buffer.getInt();
            if (length < 0 || length > buffer.remaining()) {
                throw new IllegalArgumentException("a key is longer than the listing: bytes=" + length);
            }
            byte[] key = new byte[length];
            buffer.get(key);
            (isRemoved ? removed : live).put(GridKey.of(key), position);
        }
        return new PartitionListing(live, removed);
    }
}
