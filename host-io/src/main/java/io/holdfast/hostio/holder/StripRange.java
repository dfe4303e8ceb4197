package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.StripBody;

/// Blocks of a strip that are to be read.
///
/// @param fragment whose strip
/// @param row of the strip
/// @param firstBlock the first 4 KiB of its payload, from 0
/// @param blockCount how many; 0 for the whole strip, whatever its kind, with the payload verified as one
public record StripRange(FragmentId fragment, int row, int firstBlock, int blockCount) {
    public StripRange {
        if (row < 0 || firstBlock < 0 || blockCount < 0 || firstBlock + blockCount > StripBody.BLOCKS_MAX
                || (blockCount == 0 && firstBlock != 0)) {
            throw new IllegalArgumentException("row=" + row + " firstBlock=" + firstBlock + " blockCount="
                    + blockCount);
        }
    }

    public static StripRange whole(FragmentId fragment, int row) {
        return new StripRange(fragment, row, 0, 0);
    }

    public boolean isWhole() {
        return blockCount == 0;
    }
}
