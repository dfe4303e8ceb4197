/// Volumes of the cluster as file systems of this host, for applications.
///
/// A volume is attached as a device of this host, under its family's lease and token, gets a file system if
/// it holds nothing, and is mounted ([io.holdfast.node.mount.HostVolumeMounts]). It goes with its
/// application: whoever starts the instance elsewhere attaches it there. From a node that is alive it is
/// never taken while that node has it attached or a client uses it; from one that no longer holds its lease
/// as a host it is, and whatever still runs there can write nothing more: its token is outdated.
///
/// A cut through an application's volumes ([io.holdfast.node.mount.VolumeCuts]) syncs their file systems and
/// keeps their versions while its processes stand still. File systems are never frozen: that would outlive
/// this process, and nobody writes to them anyway.
///
/// Invariants: a volume is mounted for one user at a time, on one node at a time; a device that holds
/// something else than a known file system is never written to; a volume is given back only when it is
/// unmounted, so that all that was written is with it. Threads: callers' own; what concerns one volume
/// happens one after the other.
@NullMarked
package io.holdfast.node.mount;

import org.jspecify.annotations.NullMarked;
