/// Volumes: their sizes, profiles and policies, their snapshots and clones, and where each is attached.
///
/// A volume, its clones and theirs are a *family*: they share one stream of chunks and are served by one
/// node, which the lease [io.holdfast.gridstate.volume.VolumeEntry#leaseOf] tells. The lease's token is also
/// that of the stream's writer: what only the serving node may say (a new size, a snapshot, a clone) carries
/// it and is refused under an older one.
///
/// Invariants: a family's volumes have different member numbers, never used twice; a protected or attached
/// volume, and one with a protected snapshot, is not deleted; the stream of a family whose last volume was
/// deleted stands in `reclaims` until its chunks are gone.
///
/// A snapshot that belongs to one of an application ([io.holdfast.gridstate.volume.HeldSnapshotRules]) is
/// named by the command that makes that one ready, and goes with it. [io.holdfast.gridstate.volume.AsOf]
/// says that what was written to a volume since is of no value: whoever uses it next makes it what it was,
/// and says so.
///
/// Decision: in the family's log a snapshot or clone is made before its record here and dropped after it. So
/// a node that dies in between leaves at most something without a record, which whoever serves the family
/// next drops. Rejected: records in a state of their own before, which would need somebody to finish or undo
/// them.
@NullMarked
package io.holdfast.gridstate.volume;

import org.jspecify.annotations.NullMarked;
