/// Keeps the grid equal to what the ledger has decided.
///
/// [io.holdfast.gridstate.hazelcast.publish.GridPublisher] runs on every node and publishes on the one that
/// holds the leader's lease at that moment, asked before each batch. It reads the ledger's changes from its
/// position on, never holds more than one batch, and tells the watermark how far it has come; where changes
/// are no longer kept, or the grid is empty, it refills from the catalogs.
/// [io.holdfast.gridstate.hazelcast.publish.GridRepair] compares what the grid holds with what the ledger
/// holds, at once after members came, went or merged, after a partition was lost and after a change of
/// leader, and now and then without any reason; [io.holdfast.gridstate.hazelcast.publish.GridAudit] is the
/// comparison itself.
///
/// Why all of it is safe to repeat, to overlap and to abandon: only committed changes are sent, and the grid
/// replaces a value by a newer one only.
@NullMarked
package io.holdfast.gridstate.hazelcast.publish;

import org.jspecify.annotations.NullMarked;
