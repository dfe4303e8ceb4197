package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;

/// What a block in a family's log is, in 48 bits: a block of a volume, with the member that wrote it; or a
/// part of a checkpoint of the maps.
///
/// ```
///   bit  47      0 (block)        1 (checkpoint)
///   bits 46..34  member
///   bits 33..0   block
///   bits 46..25                   generation; all ones for a table
///   bits 24..0                    number of the page, or of the table's block
/// ```
final class BlockKey {
    static final int MEMBERS_MAX = 1 << 13;
    static final int GENERATIONS_MAX = (1 << 22) - 1;
    static final long BLOCK_MASK = MapVersion.BLOCKS_MAX - 1;

    private static final int MEMBER_SHIFT = 34;
    private static final int GENERATION_SHIFT = 25;
    private static final int PAGE_MASK = (1 << GENERATION_SHIFT) - 1;
    private static final long CHECKPOINT_BIT = 1L << 47;

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

    static long ofPage(int generation, int page) {
        return CHECKPOINT_BIT | (long) generation << GENERATION_SHIFT | page;
    }

    static long ofTable(int block) {
        return ofPage(GENERATIONS_MAX, block);
    }

    static boolean isCheckpoint(long key) {
        return (key & CHECKPOINT_BIT) != 0;
    }

    static boolean isTable(long key) {
        return generation(key) == GENERATIONS_MAX;
    }

    static int generation(long key) {
        return (int) (key >>> GENERATION_SHIFT) & GENERATIONS_MAX;
    }

    static int page(long key) {
        return (int) key & PAGE_MASK;
    }
}
