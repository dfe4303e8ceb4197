package io.holdfast.gridstate.hazelcast.publish;

/// One look at a node's repair, as plain values. Counters grow from the moment it was started.
///
/// @param comparing whether a comparison is going on
/// @param partitionsWaiting partitions that are to be compared
/// @param partitionsLost partitions of which no copy was left
/// @param comparisons comparisons that came to an end
/// @param failures comparisons that did not and were begun again
/// @param total what all of them found and mended
public record RepairStatus(
        boolean comparing,
        int partitionsWaiting,
        long partitionsLost,
        long comparisons,
        long failures,
        AuditReport total) {}
