package io.holdfast.gridstate.hazelcast.served;

import io.holdfast.gridstate.hazelcast.GridStatus;
import io.holdfast.gridstate.hazelcast.publish.PublisherStatus;
import io.holdfast.gridstate.hazelcast.publish.RepairStatus;
import io.holdfast.gridstate.hazelcast.read.ReadStatus;

/// One look at a node's grid, as plain values: what health checks and metrics show.
///
/// @param grid its member
/// @param publisher what it publishes
/// @param repair what it compares and mends
/// @param reads what it answers
/// @param openWatches watches open now
public record ServedGridStatus(
        GridStatus grid, PublisherStatus publisher, RepairStatus repair, ReadStatus reads, int openWatches) {}
