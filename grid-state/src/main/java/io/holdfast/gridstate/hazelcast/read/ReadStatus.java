package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.gridstate.change.ChangePosition;

/// One look at a node's reads, as plain values. Counters grow from the moment it was started.
///
/// @param held reads answered by this member
/// @param fetched reads answered by another member
/// @param stored reads answered by the ledger's store
/// @param published how far the grid has been published to, as far as this node knows
/// @param isStale whether no leader has been heard of lately
public record ReadStatus(long held, long fetched, long stored, ChangePosition published, boolean isStale) {}
