package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.consensus.LogIndex;

/// An answer, and what it can be relied on for.
///
/// @param value what was asked for
/// @param asOf the answer holds everything up to this entry
/// @param isStale no leader has been heard of lately, so the ledger may have moved on by any amount; never
/// set on a linearizable read
public record GridRead<T>(T value, LogIndex asOf, boolean isStale) {}
