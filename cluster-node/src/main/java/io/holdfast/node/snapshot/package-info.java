/// Saved states of applications on this node: made by exactly one maker, sealed, kept, handed to other
/// nodes, opened again, and swept when the catalog no longer knows them.
///
/// A snapshot's files travel and rest as one *sealed pack*: the files behind each other
/// ([io.holdfast.node.snapshot.FilePack]), encrypted and authenticated with a key of their tenant and of
/// this very snapshot ([io.holdfast.node.snapshot.SealedStream]). Packs rest in the cluster's chunk store as
/// blobs ([io.holdfast.node.blob.ClusterBlobs]), erasure-coded over the hosts; those that a node used lately
/// lie on its own disk as well ([io.holdfast.node.snapshot.PackCache]), on which nothing depends. In the
/// clear they exist only in the run folder, which lies in memory where the host has a file system for that,
/// and within a bound.
///
/// Invariants: what was not sealed for this snapshot's key is never unpacked; a path of a pack never leaves
/// its folder; bytes are durable in the chunk store before the catalog names them; only the holder of the
/// ledger's maker lease begins a snapshot, and a newer holder condemns what an older one was making. Whoever
/// restores also compares the manifest with the catalog's digest, and every file with the manifest. Threads:
/// everything blocks and may be called from any virtual thread.
///
/// What sealing protects against, and what not. Whoever has a disk with fragments or packs, a copy of the
/// ledger, or a listener on the network has nothing to read: packs are sealed before they leave the process,
/// the ledger knows the storage key's digest only, and the key travels over mutual TLS between nodes alone.
/// A pack of one tenant does not open under another's key. But every node that takes part has the storage
/// key, in a file of its data folder that only root reads, because every node is to restore every snapshot:
/// root of any node, and whoever takes a disk that holds a node's identity folder, reads all tenants'
/// memory. While a snapshot is made, restored or kept ready it lies in the clear in memory, where root of
/// that host sees it as it sees the running process. The key is not changed while the cluster lives, and is
/// lost with the last node that has it. Who may restore, copy or run a command inside is an operator; who
/// did so stands in the audit with the snapshot's name.
///
/// Rejected: sealing file by file, which would have needed a directory of its own to be sealed and moved.
@NullMarked
package io.holdfast.node.snapshot;

import org.jspecify.annotations.NullMarked;
