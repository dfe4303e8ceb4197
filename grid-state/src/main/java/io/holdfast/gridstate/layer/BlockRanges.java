package io.holdfast.gridstate.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// Arithmetic on sets of blocks.
final class BlockRanges {
    private BlockRanges() {}

    /// What either holds, ascending and with gaps in between; of more than `countMax` runs the longest, the
    /// earlier ones first.
    static List<BlockRange> union(List<BlockRange> some, List<BlockRange> others, int countMax) {
        List<BlockRange> all = new ArrayList<>(some);
        all.addAll(others);
        Collections.sort(all);
        List<BlockRange> joined = new ArrayList<>();
        for (BlockRange range : all) {
            if (!joined.isEmpty() && range.first() <= joined.getLast().end()) {
                BlockRange last = joined.removeLast();
                long end = Math.max(last.end(), range.end());
                joined.add(new BlockRange(last.first(), end - last.first()));
            } else {
                joined.add(range);
            }
        }
        if (joined.size() <= countMax) {
            return joined;
        }
        joined.sort(Comparator.comparingLong(BlockRange::count)
                .reversed()
                .thenComparingLong(BlockRange::first));
        List<BlockRange> longest = new ArrayList<>(joined.subList(0, countMax));
        Collections.sort(longest);
        return longest;
    }
}
