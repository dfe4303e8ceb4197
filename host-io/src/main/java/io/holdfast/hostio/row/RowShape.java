package io.holdfast.hostio.row;

import io.holdfast.hostio.chunkstore.StripBody;
import java.util.ArrayList;
import java.util.List;

/// How many data strips a row has and how wide they are.
///
/// @param strips 1 to k
/// @param blocksPerStrip 1 to 16 blocks of 4 KiB
public record RowShape(int strips, int blocksPerStrip) {
    public int blocks() {
        return strips * blocksPerStrip;
    }

    /// Divides so many blocks into rows without padding: strips as wide as fill a row of k, at most 64 KiB.
    /// What does not fill a row becomes narrower or shorter rows.
    public static List<RowShape> divide(int blockCount, int dataStrips) {
        return divide(blockCount, dataStrips, StripBody.BLOCKS_MAX);
    }

    /// The same with strips of at most so many blocks.
    public static List<RowShape> divide(int blockCount, int dataStrips, int blocksPerStripMax) {
        List<RowShape> rows = new ArrayList<>();
        int rest = blockCount;
        while (rest > 0) {
            int width = Math.clamp(rest / dataStrips, 1, blocksPerStripMax);
            RowShape row = new RowShape(Math.min(dataStrips, rest / width), width);
            rows.add(row);
            rest -= row.blocks();
        }
        return rows;
    }
}
