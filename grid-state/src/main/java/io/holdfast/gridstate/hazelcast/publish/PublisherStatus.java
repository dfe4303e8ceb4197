package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.gridstate.change.ChangePosition;

/// One look at a publisher, as plain values. Counters grow from the moment it was started.
///
/// @param state what it is at
/// @param lastReason why it came to that
/// @param transitions changes of state
/// @param position how far the grid has been published to by this node; zero if it never was
/// @param published entries sent, refills included
/// @param batches batches of changes sent
/// @param refills refills ended
/// @param failures steps that failed and were tried again
public record PublisherStatus(
        PublisherState state,
        String lastReason,
        long transitions,
        ChangePosition position,
        long published,
        long batches,
        long refills,
        long failures) {}
