/// The catalog of applications' saved states.
///
/// Invariants: at most one maker per application and host class, told by its token; a tenant's snapshots
/// never hold more bytes than its quota; a protected snapshot is not deleted, one that others descend from
/// only by the retention; a name is not used again while snapshots descend from it; only a ready one becomes
/// a parent; what an application's volumes were is named, kept and let go together with the snapshot of its
/// memory.
@NullMarked
package io.holdfast.gridstate.snapshot;

import org.jspecify.annotations.NullMarked;
