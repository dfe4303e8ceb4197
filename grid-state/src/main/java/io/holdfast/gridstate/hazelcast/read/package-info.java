/// Reading the catalogs at the consistency that the caller names.
///
/// [io.holdfast.gridstate.hazelcast.read.GridReads] answers from this member, from the grid or from the
/// ledger's store of this node, whichever serves the named
/// [io.holdfast.gridstate.hazelcast.read.Consistency]; a miss in the grid is never an answer by itself.
@NullMarked
package io.holdfast.gridstate.hazelcast.read;

import org.jspecify.annotations.NullMarked;
