package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.catalog.RecordVersion;
import io.holdfast.gridstate.change.ChangePosition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A record, or the mark that it was removed, with the position of the change that made it so. Immutable.
/// The record is decoded when somebody asks for it, not when the value arrives.
///
///     offset  0        1            5              13
///            +--------+------------+--------------+------------------+
///            | kind   | ordinal    | version      | record frame ... |
///            +--------+------------+--------------+------------------+
///              1 live   big endian   big endian;    absent if removed
///              2 removed             says the index
public final class GridValue {
    /// Where the stored form of the ledger (version, then frame) begins.
    private static final int STORED_OFFSET = 5;

    private static final int FRAME_OFFSET = 13;
    private static final byte LIVE = 1;
    private static final byte REMOVED = 2;

    private final byte[] payload;
    private final @Nullable GridSchema schema;

    private GridValue(byte[] payload, @Nullable GridSchema schema) {
        this.payload = payload;
        this.schema = schema;
    }

    /// A record in its stored form, as the change at this position left it.
    public static GridValue live(int ordinal, byte[] stored) {
        if (stored.length < FRAME_OFFSET - STORED_OFFSET) {
            throw new IllegalArgumentException(
                    "a stored record begins with its version: bytes=" + stored.length);
        }
        return new GridValue(
                ByteBuffer.allocate(STORED_OFFSET + stored.length)
                        .put(LIVE)
                        .putInt(ordinal)
                        .put(stored)
                        .array(),
                null);
    }

    /// The mark that a record was removed at this position.
    public static GridValue removed(ChangePosition position) {
        return new GridValue(
                ByteBuffer.allocate(FRAME_OFFSET)
                        .put(REMOVED)
                        .putInt(position.ordinal())
                        .putLong(position.index())
                        .array(),
                null);
    }

    /// @throws IllegalArgumentException if this is no value's payload
    static GridValue ofPayload(byte[] payload, @Nullable GridSchema schema) {
        boolean wellFormed = payload.length >= FRAME_OFFSET
                && (payload[0] == LIVE || (payload[0] == REMOVED && payload.length == FRAME_OFFSET));
        if (!wellFormed) {
            throw new IllegalArgumentException("not a value of the grid: bytes=" + payload.length);
        }
        return new GridValue(payload, schema);
    }

    byte[] payload() {
        return payload;
    }

    public long index() {
        return RecordVersion.index(ByteBuffer.wrap(payload).getLong(STORED_OFFSET));
    }

    public int ordinal() {
        return ByteBuffer.wrap(payload).getInt(1);
    }

    public ChangePosition position() {
        return new ChangePosition(index(), ordinal());
    }

    public boolean isRemoved() {
        return payload[0] == REMOVED;
    }

    public boolean isNewerThan(GridValue other) {
        int byIndex = Long.compare(index(), other.index());
        return byIndex > 0 || (byIndex == 0 && ordinal() > other.ordinal());
    }

    /// The stored form: what the ledger's store holds under the key.
    ///
    /// @throws IllegalStateException if it was removed
    public byte[] stored() {
        if (isRemoved()) {
            throw new IllegalStateException("a removed record has no stored form: position=" + position());
        }
        return Arrays.copyOfRange(payload, STORED_OFFSET, payload.length);
    }

    /// An attribute's value for queries, `catalog/attribute`; null if the record was removed, has no such
    /// attribute, or cannot be read by this release.
    @Nullable Comparable<?> attribute(String path) {
        return schema == null || isRemoved() ? null : schema.attribute(path, payload, FRAME_OFFSET);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GridValue that && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return (isRemoved() ? "removed@" : "live@") + index() + "." + ordinal();
    }
}
