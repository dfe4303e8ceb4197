/// The catalog of applications' saved states.
///
/// Invariants: at most one maker per application and host class, told by its token; a tenant's snapshots
/// never hold more bytes than its quota; a protected snapshot, and one that others descend from, is not
/// deleted; only a ready one is a parent.
@NullMarked
package io.holdfast.gridstate.snapshot;

import org.jspecify.annotations.NullMarked;
