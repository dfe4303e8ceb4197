/// Watching catalogs: every change once, in order, from a position that the watcher names.
///
/// A [io.holdfast.gridstate.hazelcast.watch.GridWatch] reads the changes that the ledger's store of its own
/// node keeps, so there is neither a gap nor a repetition whatever happens to the grid; being woken when an
/// entry was applied is all that the live path adds. A watcher holds one batch at a time and no queue: one
/// that is too slow finds at some time that its position is no longer kept, and is told so.
@NullMarked
package io.holdfast.gridstate.hazelcast.watch;

import org.jspecify.annotations.NullMarked;
