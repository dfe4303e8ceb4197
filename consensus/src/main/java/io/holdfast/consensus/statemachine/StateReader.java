package io.holdfast.consensus.statemachine;

import org.jspecify.annotations.Nullable;

/// Reads ordered keys. Keys compare as unsigned bytes. Returned arrays belong to the caller.
public interface StateReader {
    byte @Nullable [] get(Keyspace keyspace, byte[] key);

    /// Walks keys in ascending order from `fromInclusive` while they begin with `prefix`; stops when the
    /// visitor says so. An empty prefix walks the whole keyspace.
    void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor);

    /// Receives one key and its value.
    @FunctionalInterface
    interface Visitor {
        /// Looks at one pair and says whether to go on.
        boolean visit(byte[] key, byte[] value);
    }
}
