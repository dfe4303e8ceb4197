package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;

/// What a node holds of a layer. It may hold more: beyond [#RANGES_MAX] runs the shortest are left out.
///
/// @param ranges ascending, neither overlapping nor touching
public record HolderEntry(List<BlockRange> ranges) {
    /// Runs kept per node and layer.
    public static final int RANGES_MAX = 256;

    public HolderEntry {
        ranges = Check.atMost("a holder's ranges", ranges, RANGES_MAX);
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).first() <= ranges.get(i - 1).end()) {
                throw new IllegalArgumentException("a holder's ranges ascend with gaps between them");
            }
        }
    }

    public long blockCount() {
        long sum = 0;
        for (BlockRange range : ranges) {
            sum += range.count();
        }
        return sum;
    }
}
