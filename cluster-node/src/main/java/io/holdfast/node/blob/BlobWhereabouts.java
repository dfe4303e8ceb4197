package io.holdfast.node.blob;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

    /// Several as one.
    public static BlobWhereabouts together(List<BlobWhereabouts> all) {
        Set<String> profiles = new TreeSet<>();
        Set<Integer> nodes = new HashSet<>();
        all.forEach(each -> profiles.addAll(each.profiles()));
        all.forEach(each -> nodes.addAll(each.nodes()));
        return new BlobWhereabouts(
                List.copyOf(profiles),
                all.stream().mapToLong(BlobWhereabouts::usefulBytes).sum(),
                all.stream().mapToLong(BlobWhereabouts::storedBytes).sum(),
                all.stream().mapToInt(BlobWhereabouts::chunks).sum(),
                all.stream().mapToInt(BlobWhereabouts::chunksAtRisk).sum(),
                nodes);
    }
}
