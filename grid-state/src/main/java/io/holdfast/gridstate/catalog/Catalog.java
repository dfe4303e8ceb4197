package io.holdfast.gridstate.catalog;

import io.holdfast.consensus.statemachine.Keyspace;
import java.nio.ByteBuffer;
import java.util.List;

/// The description of one set of versioned records. Immutable.
///
/// @param name as used in the API, in changes and as the name of the grid's map
/// @param keyspace where its records are stored
/// @param keyForm how its keys look
/// @param recordType the type of its records
/// @param attributes what its records can be queried by
public record Catalog<K, R>(
        String name,
        Keyspace keyspace,
        KeyForm<K> keyForm,
        Class<R> recordType,
        List<Attribute<R>> attributes) {
    private static final int VERSION_BYTES = 8;

    public Catalog {
        attributes = List.copyOf(attributes);
    }

    /// A catalog whose keyspace has the catalog's name.
    public static <K, R> Catalog<K, R> of(
            String name, KeyForm<K> keyForm, Class<R> recordType, List<Attribute<R>> attributes) {
        return new Catalog<>(name, new Keyspace(name), keyForm, recordType, attributes);
    }

    /// The stored form of a record.
    public byte[] encode(R value, long version, RecordCodec codec) {
        byte[] frame = codec.encode(recordType.cast(value));
        return ByteBuffer.allocate(VERSION_BYTES + frame.length)
                .putLong(version)
                .put(frame)
                .array();
    }

    /// A record from its key's and its own stored form.
    ///
    /// @throws CorruptRecordException if these are not what [#encode] and the key form make
    public Versioned<K, R> decode(byte[] key, byte[] stored, RecordCodec codec) {
        try {
            return decode(keyForm.decode(key), stored, codec);
        } catch (IllegalArgumentException e) {
            throw new CorruptRecordException("no key of this catalog: catalog=" + name, e);
        }
    }

    /// A record from its key and its own stored form.
    public Versioned<K, R> decode(K key, byte[] stored, RecordCodec codec) {
        long version = version(stored);
        return new Versioned<>(key, codec.decode(recordType, stored, VERSION_BYTES), version);
    }

    /// The version of a record in its stored form.
    public static long version(byte[] stored) {
        if (stored.length < VERSION_BYTES) {
            throw new CorruptRecordException(
                    "a stored record is shorter than its version: bytes=" + stored.length);
        }
        return ByteBuffer.wrap(stored).getLong();
    }
}
