package io.holdfast.node.blob;

import java.util.List;
import java.util.Set;

/// Where a blob is and what it takes.
///
/// @param profiles how its chunks are coded, such as `2+1`; several if they were changed meanwhile
/// @param usefulBytes of its blocks
/// @param storedBytes of its blocks and their share of parity
/// @param chunks that its blocks are in
/// @param chunksAtRisk those of them that lack fragments
/// @param nodes the numbers of the nodes that hold fragments of them
public record BlobWhereabouts(
        List<String> profiles,
        long usefulBytes,
        long storedBytes,
        int chunks,
        int chunksAtRisk,
        Set<Integer> nodes) {
    public BlobWhereabouts {
        profiles = List.copyOf(profiles);
        nodes = Set.copyOf(nodes);
    }
}
