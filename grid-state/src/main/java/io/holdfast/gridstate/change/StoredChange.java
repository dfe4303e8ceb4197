package io.holdfast.gridstate.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The form in which changes are stored.
///
///     key:    index (8) | ordinal (4), big endian
///     value:  kind (1: 0 removed, 1 written) | catalog length (1) | catalog | key length (2) | key | record
final class StoredChange {
    static final Keyspace CHANGES = new Keyspace("changes");
    static final Keyspace BOUNDS = new Keyspace("changes-bounds");
    static final byte[] BOUNDS_KEY = {0};

    private static final byte REMOVED = 0;
    private static final byte WRITTEN = 1;

    private StoredChange() {}

    static byte[] encode(String catalog, byte[] key, byte @Nullable [] stored) {
        byte[] name = catalog.getBytes(UTF_8);
        int recordBytes = stored == null ? 0 : stored.length;
        ByteBuffer buffer = ByteBuffer.allocate(4 + name.length + key.length + recordBytes)
                .put(stored == null ? REMOVED : WRITTEN)
                .put((byte) name.length)
                .put(name)
                .putShort((short) key.length)
                .put(key);
        if (stored != null) {
            buffer.put(stored);
        }
        return buffer.array();
    }

    static Change decode(byte[] positionBytes, byte[] value) {
        try {
            ChangePosition position = ChangePosition.decode(ByteBuffer.wrap(positionBytes));
            ByteBuffer buffer = ByteBuffer.wrap(value);
            byte kind = buffer.get();
            String catalog = new String(take(buffer, Byte.toUnsignedInt(buffer.get())), UTF_8);
            byte[] key = take(buffer, Short.toUnsignedInt(buffer.getShort()));
            if (kind == REMOVED && !buffer.hasRemaining()) {
                return new Change(position, catalog, key, null);
            }
            if (kind == WRITTEN) {
                return new Change(position, catalog, key, take(buffer, buffer.remaining()));
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptRecordException("no change: bytes=" + value.length, e);
        }
        throw new CorruptRecordException("a change is neither written nor removed: bytes=" + value.length);
    }

    private static byte[] take(ByteBuffer buffer, int count) {
        if (count > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    /// How much is kept, and from where on.
    ///
    ///     changes (8) | bytes (8) | index (8) and ordinal (4) of the newest change dropped
    record Kept(long count, long bytes, ChangePosition droppedThrough) {
        static final Kept NOTHING = new Kept(0, 0, ChangePosition.ZERO);

        static Kept decode(byte @Nullable [] stored) {
            if (stored == null) {
                return NOTHING;
            }
            if (stored.length != 16 + ChangePosition.BYTES) {
                throw new CorruptRecordException("no bounds of changes: bytes=" + stored.length);
            }
            ByteBuffer buffer = ByteBuffer.wrap(stored);
            return new Kept(buffer.getLong(), buffer.getLong(), ChangePosition.decode(buffer));
        }

        byte[] encode() {
            return ByteBuffer.allocate(16 + ChangePosition.BYTES)
                    .putLong(count)
                    .putLong(bytes)
                    .put(droppedThrough.encode())
                    .array();
        }
    }
}
