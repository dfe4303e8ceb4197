/// Blobs of the whole cluster: immutable contents such as snapshots and layers, put at one node and read at
/// any, erasure-coded in volumes that hold nothing else.
///
/// Every node has one volume of blobs, entered in the catalog like any other and marked by its name
/// ([io.holdfast.node.blob.BlobVolumes]). It writes blobs into its own, under the family's lease. A blob's
/// name ([io.holdfast.gridstate.chunkmap.StoredBlob]) says the family, the range and the digest.
///
/// Who reads a blob asks the node that serves its family for the *places* of its blocks, eight bytes for
/// each, and then reads the strips from the hosts that hold them: bytes go once over the network, and not
/// through the serving node. A family that nobody serves, because its node died, is opened by the reader
/// itself, as any volume would be.
///
/// Invariants: a blob is durable before its name is known to anybody; a block is verified to be the one
/// asked for, by number and checksum, wherever it came from; what the cleaner moved meanwhile is found
/// again by asking anew; only what no catalog refers to is deleted, and only after a while if it was never
/// seen to be referred to. Threads: callers' own, which block, and virtual ones that read ahead, a bounded
/// number per open blob.
@NullMarked
package io.holdfast.node.blob;

import org.jspecify.annotations.NullMarked;
