/// What a node must know before it has a ledger: that it founds a cluster
/// ([io.holdfast.node.bootstrap.ClusterSeed]), or whom it joins ([io.holdfast.node.bootstrap.KnownPeers]).
/// Both are small checksummed text files in the data directory, replaced atomically. And that it is the only
/// one on its data directory ([io.holdfast.node.bootstrap.DirectoryLock]).
@NullMarked
package io.holdfast.node.bootstrap;

import org.jspecify.annotations.NullMarked;
