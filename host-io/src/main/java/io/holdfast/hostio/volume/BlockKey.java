package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;

/// A block of a family in 48 bits: the member that wrote it, and its number in the volume.
///
/// ```
///   bits 47..34  member
///   bits 33..0   block
/// ```
final class BlockKey {
    static final int MEMBERS_MAX = 1 << 14;
    static final long BLOCK_MASK = MapVersion.BLOCKS_MAX - 1;

    private static final int MEMBER_SHIFT = 34;

    private BlockKey() {}

    static long of(int member, long block) {
        return (long) member << MEMBER_SHIFT | block;
    }

    static int member(long key) {
        return (int) (key >>> MEMBER_SHIFT);
    }

    static long block(long key) {
        return key & BLOCK_MASK;
    }
}
