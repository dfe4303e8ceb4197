/// The chunk map as the striped log's directory, and where new fragments go.
///
/// [io.holdfast.node.chunk.LedgerChunkDirectory] turns the log's questions into commands and reads of the
/// ledger's chunk map; [io.holdfast.node.chunk.FragmentPlacer] chooses disks for fragments, no two in one
/// failure place, zones apart where there are enough, those with more room more often;
/// [io.holdfast.node.chunk.DiskBoard] knows how the disks of other nodes are, asking them while somebody
/// wants to know.
///
/// Invariants: a choice is made on what was reported a moment ago and may be wrong; whoever cannot use a
/// place says so and gets another. Whatever depends on state is decided by the ledger. Threads: callers'
/// own, which wait; virtual ones preferred.
@NullMarked
package io.holdfast.node.chunk;

import org.jspecify.annotations.NullMarked;
