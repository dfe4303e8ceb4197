package io.holdfast.node.snapshot;

/// The pages of a snapshot's files in their order, each with its name and its place. Confined.
///
/// A page's name is 128 bits of a keyed digest of its bytes. A page of zeros has none, and no place.
final class PageTable {
    /// Pages that one snapshot has at most: 24 MiB of heap while it is sealed or opened.
    static final int PAGES_MAX = 1 << 20;

    /// The place of a page of zeros.
    static final long ZEROS = -1;

    private static final int OFFSET_BITS = 48;

    private final long[] highs;
    private final long[] lows;
    private final long[] places;
    private int count;

    PageTable(int countMax) {
        highs = new long[countMax];
        lows = new long[countMax];
        places = new long[countMax];
    }

    /// A place in a pack.
    ///
    /// @param pack its number in the directory
    /// @param offset in the clear
    static long placeOf(int pack, long offset) {
        return (long) pack << OFFSET_BITS | offset;
    }

    static int packOf(long place) {
        return (int) (place >>> OFFSET_BITS);
    }

    static long offsetOf(long place) {
        return place & ((1L << OFFSET_BITS) - 1);
    }

    void add(long high, long low, long place) {
        highs[count] = high;
        lows[count] = low;
        places[count] = place;
        count++;
    }

    int count() {
        return count;
    }

    long high(int page) {
        return highs[page];
    }

    long low(int page) {
        return lows[page];
    }

    long place(int page) {
        return places[page];
    }

    void moveTo(int page, long place) {
        places[page] = place;
    }

    /// Whether two pages have the same bytes.
    boolean isNamed(int page, long high, long low) {
        return highs[page] == high && lows[page] == low;
    }
}
