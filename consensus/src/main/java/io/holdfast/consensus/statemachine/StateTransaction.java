package io.holdfast.consensus.statemachine;

/// Reads and writes of one entry; reads see the writes made before in the same entry. Confined to the apply
/// thread.
public interface StateTransaction extends StateReader {
    void put(Keyspace keyspace, byte[] key, byte[] value);

    void delete(Keyspace keyspace, byte[] key);
}
