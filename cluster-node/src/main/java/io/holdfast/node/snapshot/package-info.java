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
/// Rejected: sealing file by file, which would have needed a directory of its own to be sealed and moved.
@NullMarked
package io.holdfast.node.snapshot;

import org.jspecify.annotations.NullMarked;
