/// What the ledger changed, in order: what the grid is fed from and what watches resume on.
///
/// [io.holdfast.gridstate.change.ChangeLog] appends while commands are applied and drops the oldest beyond
/// its bounds; [io.holdfast.gridstate.change.ChangeFeed] reads from any thread.
@NullMarked
package io.holdfast.gridstate.change;

import org.jspecify.annotations.NullMarked;
