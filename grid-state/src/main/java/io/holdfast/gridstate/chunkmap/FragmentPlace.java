package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;

/// The disk that holds a fragment. Numbers instead of names keep an entry small.
///
/// @param node the number that the ledger gave the node when it was admitted
/// @param disk the disk's number on that node
public record FragmentPlace(int node, int disk) {
    public FragmentPlace {
        Check.range("a node's number", node, 1, Integer.MAX_VALUE);
        Check.range("a disk's number", disk, 0, 65_535);
    }

    @Override
    public String toString() {
        return node + ":" + disk;
    }
}
