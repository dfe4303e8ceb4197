/// What the grid's maps hold, and the operations that run where it is held.
///
/// A map holds, per key of its catalog, the record as the ledger stores it together with the position of the
/// change that wrote it, or a tombstone with the position of the removal. A value is replaced by a newer one
/// only ([io.holdfast.gridstate.hazelcast.entry.GridValue#isNewerThan]), so that publishing is idempotent,
/// repeatable and indifferent to order.
@NullMarked
package io.holdfast.gridstate.hazelcast.entry;

import org.jspecify.annotations.NullMarked;
