/// Volumes on this node: which families it serves, how that right is won, kept and lost, and what is done
/// with them.
///
/// [io.holdfast.node.volume.FamilyHost] opens a family when somebody needs it: takes its lease, opens its
/// store under the lease's token, and brings the store in line with the catalog. It keeps the lease while
/// the family is in use, and gives both up when it is not. [io.holdfast.node.volume.VolumeDesk] does what
/// callers ask, here or, over the peer link, where the family is served;
/// [io.holdfast.node.volume.VolumeExports] offers volumes to clients of the network block device;
/// [io.holdfast.node.volume.Reclaimer] gives back the space of deleted families.
///
/// Invariants: a family is written here only under the token of a lease that this node was granted; a token
/// that was overtaken ends the family here at once, whatever the lease says. A lease that ran out unnoticed
/// (a ledger without a leader) is taken again, and the store goes on under its own token as long as nobody
/// overtook it: time never decides about data. Lock order: a family's own lock, then nothing. Threads:
/// callers' own, virtual ones preferred; one keeps the leases.
@NullMarked
package io.holdfast.node.volume;

import org.jspecify.annotations.NullMarked;
