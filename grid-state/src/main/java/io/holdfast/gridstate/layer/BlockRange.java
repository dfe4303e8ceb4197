package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;

/// A run of a layer's blocks.
///
/// @param first the first block
/// @param count how many, at least 1
public record BlockRange(long first, long count) implements Comparable<BlockRange> {
    private static final long BLOCKS_MAX = 1L << 40;

    public BlockRange {
        Check.range("a first block", first, 0, BLOCKS_MAX);
        Check.range("a block count", count, 1, BLOCKS_MAX);
    }

    /// The block after the last one.
    public long end() {
        return first + count;
    }

    @Override
    public int compareTo(BlockRange other) {
        int byFirst = Long.compare(first, other.first);
        return byFirst != 0 ? byFirst : Long.compare(count, other.count);
    }
}
