package io.holdfast.gridstate.catalog;

/// A record as the ledger holds it.
///
/// @param key its key
/// @param value the record itself
/// @param version the number of the command that last wrote it; what an ETag carries
public record Versioned<K, R>(K key, R value, long version) {}
