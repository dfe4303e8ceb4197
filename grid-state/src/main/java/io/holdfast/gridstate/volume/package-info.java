/// Volumes: their sizes, profiles and policies, their snapshots and clones, and where each is attached.
///
/// A volume owns two streams of chunks, one for its data and one for its map; both are made with it, in one
/// command. Who serves it is told by the lease [io.holdfast.gridstate.volume.VolumeEntry#leaseOf], whose
/// token is also that of the streams' writer: what only the serving node may say (a new size, a snapshot)
/// carries this token and is refused under an older one.
///
/// Invariants: a volume with clones of its snapshots, a protected, attached or served one is not deleted; a
/// snapshot with clones or a protected one is not deleted; a deleted volume's streams stand in `reclaims`
/// until their chunks are gone.
///
/// Decision: the map's pinned versions are written before a snapshot's record and dropped after it, so that
/// a node that dies in between leaves at most a pinned version without a record, which whoever serves the
/// volume next lets go. Rejected: a record in a state of its own before the version is pinned, which would
/// need somebody to finish or undo it.
@NullMarked
package io.holdfast.gridstate.volume;

import org.jspecify.annotations.NullMarked;
