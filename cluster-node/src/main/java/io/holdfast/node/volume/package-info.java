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
/// Invariants:
/// - A family is written here only under the token of a lease that this node was granted; a token that was
///   overtaken ends the family at once, whatever the lease says. Time decides nothing about bytes stored.
/// - What is read is fenced by time alone, for nothing else can: clients get no answer, reads included, once
///   the lease has ended by this host's own clocks ([io.holdfast.node.volume.ServingLease],
///   [io.holdfast.node.volume.LeasedDevice]). Their requests wait; they go on when the lease is held again,
///   fail with ESHUTDOWN when it is lost, and with EIO after a minute. Clients of a lost family are parted
///   with.
/// - A lease that ran out unnoticed (a ledger without a leader) is taken again, and the store goes on under
///   its own token, unless a newer one was shown for its stream meanwhile: then somebody else wrote, and what
///   is open here is given up.
/// - A write that was answered but not flushed may be gone when another server takes over, also after it was
///   read, as with a disk's volatile cache; never while the same one serves.
///
/// - A volume that is to be what it was at a snapshot ([io.holdfast.node.volume.DueVolumes]) is made that
///   before the first client writes, and only then the ledger says that writing counts again. A version
///   without a name is dropped when the family is opened, and while it is served if nobody is about to name
///   one ([io.holdfast.node.volume.VolumePins]).
///
/// Decisions:
/// - Reads of what is not yet durable are answered. To wait for it would make each read after a write as slow
///   as a flush, for a promise that no disk gives. What would change it: clients of one volume on several
///   hosts, which act on what another one wrote.
/// - A forced takeover does not wait for the former server's lease: its clients may read what it knew until
///   it hears of that, some seconds at most.
///
/// Lock order: a family's own lock, then its lease's. Threads: callers' own, virtual ones preferred; one
/// looks after the leases, with a virtual one for each family.
@NullMarked
package io.holdfast.node.volume;

import org.jspecify.annotations.NullMarked;
