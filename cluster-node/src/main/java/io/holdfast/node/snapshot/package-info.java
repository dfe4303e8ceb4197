/// Saved states of applications on this node: made by exactly one maker, sealed, kept, handed to other
/// nodes, opened again, and swept when the catalog no longer knows them.
///
/// A snapshot's files are cut into pages of 4 KiB. Those that are neither zeros nor known from an earlier
/// snapshot travel and rest in one *sealed pack* ([io.holdfast.node.snapshot.SnapshotPack]), and with them a
/// directory that says where every page is: in this pack, or in one of up to eight others that the catalog
/// names beside it. Packs rest in the cluster's chunk store as blobs ([io.holdfast.node.blob.ClusterBlobs]),
/// erasure-coded over the hosts; those that a node used lately lie on its own disk as well
/// ([io.holdfast.node.snapshot.PackCache]), on which nothing depends, so that of the next snapshot only the
/// difference is fetched. In the clear they exist only in the run folder, which lies in memory where the
/// host has a file system for that, and within a bound.
///
/// A pack is opened while it arrives: its directory is fetched first, whose frames tell where everything is
/// ([io.holdfast.node.snapshot.ArrivingPack]). Frames are compressed before they are sealed, each by itself
/// ([io.holdfast.node.snapshot.SealedFrames]). Packs of the version before, which were not compressed, are
/// read as they are ([io.holdfast.node.snapshot.PackForm]); no such pack is written.
///
/// Invariants: what was not sealed for this snapshot's key is never unpacked; a path of a pack never leaves
/// its folder; bytes are durable in the chunk store before the catalog names them; only the holder of the
/// ledger's maker lease begins a snapshot, and a newer holder condemns what an older one was making; a pack
/// is shared only within a tenant and as long as a ready snapshot uses it, which the ledger decides. Whoever
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
/// Why pages of 4 KiB: of two dumps of a Java service of 125 MiB with a few requests in between, 3 to 5 % of
/// the pages of 4 KiB were new, but 85 % of those of 16 KiB and 90 % of those of 64 and 256 KiB: CRIU writes
/// the pages that there are behind each other, and one more moves all that follow. Only images above 4 GiB
/// have larger pages, which bounds the heap that a directory takes, and share little.
///
/// Why packs and not a blob for each page: a page is too small for a chunk store, and a pack is read in one
/// sweep. What of a pack nobody uses any more stays until the whole pack goes; so one of which less than a
/// third is of use is not shared, and its useful pages are stored once more.
///
/// Rejected: sealing pages under keys derived from their bytes, so that equal ones are equal when sealed.
/// Whoever has the disks would see who has which pages in common, and could test what they guess; here a
/// pack has a key of its own, names of pages stand sealed in directories, and the disks show nothing but
/// lengths (so also how far a pack could be compressed). The price is that only what is compared is shared:
/// a new snapshot is compared with the one that the container was restored from, or else the newest of its
/// application, and a copy with its origin.
@NullMarked
package io.holdfast.node.snapshot;

import org.jspecify.annotations.NullMarked;
