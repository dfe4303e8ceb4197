package io.holdfast.hostio.log;

/// Blocks that lie one after the other in a strip and belong one after the other in a target.
///
/// @param place of the first
/// @param blocks how many
/// @param key of the first; the others' follow
/// @param keyMask the bits of a key that are known, and therefore checked
/// @param targetOffset where they belong, in bytes from the beginning of the target
public record BlockRun(long place, int blocks, long key, long keyMask, int targetOffset) {
    /// Whether a block continues the run.
    public boolean isContinuedBy(long nextPlace, long nextKey, int nextOffset) {
        return BlockPlace.isNext(place + blocks - 1, nextPlace)
                && nextKey == key + blocks
                && nextOffset == targetOffset + blocks * 4096;
    }

    /// Whether the `at`-th block may have this key.
    boolean matches(int at, long found) {
        return ((found ^ (key + at)) & keyMask) == 0;
    }

    public BlockRun longer() {
        return new BlockRun(place, blocks + 1, key, keyMask, targetOffset);
    }
}
