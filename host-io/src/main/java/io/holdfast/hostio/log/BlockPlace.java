package io.holdfast.hostio.log;

/// Where a block lies in its stream, in eight bytes: cheap enough for one per block of a volume.
///
/// ```
///   bits 63..24  number of the chunk, plus one
///   bits 23..8   row
///   bits  7..4   data strip
///   bits  3..0   block in the strip
/// ```
public final class BlockPlace {
    /// No place: the block was never written, or is zero.
    public static final long NONE = 0;

    public static final int ROWS_MAX = 1 << 16;

    private static final long CHUNK_MAX = (1L << 40) - 2;
    private static final int CHUNK_SHIFT = 24;
    private static final int ROW_SHIFT = 8;
    private static final int STRIP_SHIFT = 4;
    private static final int STRIP_MASK = 0xf;

    private BlockPlace() {}

    public static long of(long chunk, int row, int strip, int block) {
        if (chunk < 0 || chunk > CHUNK_MAX || row < 0 || row >= ROWS_MAX
                || (strip & ~STRIP_MASK) != 0 || (block & ~STRIP_MASK) != 0) {
            throw new IllegalArgumentException(
                    "chunk=" + chunk + " row=" + row + " strip=" + strip + " block=" + block);
        }
        return (chunk + 1) << CHUNK_SHIFT | (long) row << ROW_SHIFT | (long) strip << STRIP_SHIFT | block;
    }

    public static long chunk(long place) {
        return (place >>> CHUNK_SHIFT) - 1;
    }

    public static int row(long place) {
        return (int) (place >>> ROW_SHIFT) & (ROWS_MAX - 1);
    }

    public static int strip(long place) {
        return (int) (place >>> STRIP_SHIFT) & STRIP_MASK;
    }

    public static int block(long place) {
        return (int) place & STRIP_MASK;
    }

    /// Whether the second place is the next block of the same strip.
    static boolean isNext(long place, long next) {
        return next == place + 1 && (next & STRIP_MASK) != 0;
    }

    public static String text(long place) {
        return place == NONE
                ? "none"
                : chunk(place) + "/" + row(place) + "." + strip(place) + "+" + block(place);
    }
}
