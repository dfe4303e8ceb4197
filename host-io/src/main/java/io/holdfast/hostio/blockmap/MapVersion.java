package io.holdfast.hostio.blockmap;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One version of a volume's map: live, or pinned by having been forked. Changed by one thread at a time,
/// read by any.
public final class MapVersion {
    /// The largest volume: 64 TiB.
    public static final long BLOCKS_MAX = 1L << 34;

    private static final int PAGE_SHIFT = 9;
    private static final int BRANCH_SHIFT = 18;
    private static final int MASK = MapBranch.PAGES - 1;

    private final int generation;
    private final @Nullable MapVersion parent;
    private volatile @Nullable MapBranch[] root;

    private MapVersion(int generation, @Nullable MapVersion parent, @Nullable MapBranch[] root) {
        this.generation = generation;
        this.parent = parent;
        this.root = root;
    }

    /// An empty map.
    public static MapVersion empty(int generation) {
        return new MapVersion(generation, null, new @Nullable MapBranch[0]);
    }

    /// A new version that begins as this one, which must not be written any more.
    public MapVersion fork(int newGeneration) {
        return new MapVersion(newGeneration, this, root.clone());
    }

    /// The same map without the version it was forked from.
    public MapVersion withParent(@Nullable MapVersion other) {
        return new MapVersion(generation, other, root);
    }

    public int generation() {
        return generation;
    }

    /// The version it was forked from, as far as it is remembered.
    public @Nullable MapVersion parent() {
        return parent;
    }

    /// Where a block lies; 0 if nowhere.
    public long get(long block) {
        MapPage page = page((int) (block >>> PAGE_SHIFT));
        return page == null ? MapPage.NONE : page.get((int) block & MASK);
    }

    /// The page of a number; null if none of its blocks was ever written.
    public @Nullable MapPage page(int number) {
        @Nullable MapBranch[] branches = root;
        int at = number >>> PAGE_SHIFT;
        MapBranch branch = at < branches.length ? branches[at] : null;
        return branch == null ? null : branch.page(number & MASK);
    }

    /// Sets where a block lies and returns where it lay before.
    public long put(long block, long place) {
        return own((int) (block >>> PAGE_SHIFT)).set((int) block & MASK, place);
    }

    /// Makes blocks lie nowhere; hears of each that lay somewhere.
    public void clear(long firstBlock, long blockCount, ClearedBlock cleared) {
        long end = Math.min(firstBlock + blockCount, blockLimit());
        long block = firstBlock;
        while (block < end) {
            int number = (int) (block >>> PAGE_SHIFT);
            long pageEnd = Math.min(end, (number + 1L) << PAGE_SHIFT);
            if (page(number) != null) {
                clearPage(number, block, pageEnd, cleared);
            }
            block = pageEnd;
        }
    }

    private void clearPage(int number, long from, long end, ClearedBlock cleared) {
        for (long block = from; block < end; block++) {
            if (get(block) != MapPage.NONE) {
                long before = own(number).set((int) block & MASK, MapPage.NONE);
                cleared.cleared(block, before);
            }
        }
    }

    /// Hears of a block that lies nowhere any more.
    @FunctionalInterface
    public interface ClearedBlock {
        void cleared(long block, long placeBefore);
    }

    /// Blocks from here on lie nowhere.
    public long blockLimit() {
        return (long) root.length << BRANCH_SHIFT;
    }

    /// The first block from `from` on that lies somewhere (or nowhere, if so asked); `end` if there is none.
    public long next(boolean isMapped, long from, long end) {
        long block = from;
        while (block < end) {
            MapPage page = page((int) (block >>> PAGE_SHIFT));
            long pageEnd = Math.min(end, ((block >>> PAGE_SHIFT) + 1) << PAGE_SHIFT);
            if (page == null) {
                if (!isMapped) {
                    return block;
                }
                block = Math.min(end, emptyUntil(block, pageEnd));
            }
            while (page != null && block < pageEnd) {
                if ((page.get((int) block & MASK) != MapPage.NONE) == isMapped) {
                    return block;
                }
                block++;
            }
        }
        return end;
    }

    /// Passes over a branch that does not exist at once.
    private long emptyUntil(long block, long pageEnd) {
        @Nullable MapBranch[] branches = root;
        int at = (int) (block >>> BRANCH_SHIFT);
        if (at >= branches.length) {
            return Long.MAX_VALUE;
        }
        return branches[at] == null ? (at + 1L) << BRANCH_SHIFT : pageEnd;
    }

    private MapPage own(int number) {
        MapBranch branch = ownBranch(number >>> PAGE_SHIFT);
        MapPage page = branch.page(number & MASK);
        if (page == null || page.generation() != generation) {
            page = page == null ? new MapPage(generation, number) : page.copy(generation);
            branch.put(number & MASK, page);
        }
        return page;
    }

    private MapBranch ownBranch(int at) {
        @Nullable MapBranch[] branches = root;
        if (at >= branches.length) {
            branches = Arrays.copyOf(branches, at + 1);
            root = branches;
        }
        MapBranch branch = branches[at];
        if (branch == null || branch.generation() != generation) {
            branch = branch == null ? new MapBranch(generation) : branch.copy(generation);
            branches[at] = branch;
            root = branches;
        }
        return branch;
    }

    /// Puts a page that was stored, whatever generation it is of.
    public void adopt(MapPage page) {
        ownBranch(page.number() >>> PAGE_SHIFT).put(page.number() & MASK, page);
    }

    /// Changes the place of a block inside the page it shares with other versions, if it is the expected
    /// one.
    public boolean relocate(long block, long from, long to) {
        MapPage page = page((int) (block >>> PAGE_SHIFT));
        if (page == null || page.get((int) block & MASK) != from) {
            return false;
        }
        page.set((int) block & MASK, to);
        return true;
    }

    /// Visits the pages in order.
    public void forEachPage(Consumer<MapPage> visitor) {
        for (MapBranch branch : root) {
            for (int i = 0; branch != null && i < MapBranch.PAGES; i++) {
                MapPage page = branch.page(i);
                if (page != null) {
                    visitor.accept(page);
                }
            }
        }
    }

    /// How many blocks lie somewhere. Walks the whole map.
    public long mappedCount() {
        long[] count = {0};
        forEachPage(page -> count[0] += page.mappedCount());
        return count[0];
    }

    /// Visits, in order, the blocks whose content may differ between two versions, from a block on and until
    /// the visitor says that it has enough. Shared pages cost nothing.
    public static void differences(
            MapVersion older, MapVersion newer, long firstBlock, DifferenceVisitor visitor) {
        int pages = (int) (Math.max(older.blockLimit(), newer.blockLimit()) >>> PAGE_SHIFT);
        boolean wantsMore = true;
        for (int number = (int) (firstBlock >>> PAGE_SHIFT); number < pages && wantsMore; number++) {
            MapPage before = older.page(number);
            MapPage after = newer.page(number);
            for (int i = 0; before != after && i < MapPage.BLOCKS && wantsMore; i++) {
                long block = ((long) number << PAGE_SHIFT) + i;
                long was = before == null ? MapPage.NONE : before.get(i);
                long is = after == null ? MapPage.NONE : after.get(i);
                wantsMore = block < firstBlock || was == is || visitor.visit(block, is);
            }
        }
    }

    /// Hears of blocks that differ.
    @FunctionalInterface
    public interface DifferenceVisitor {
        /// Returns whether more are wanted.
        ///
        /// @param place of the block in the newer version; 0 if it has none there
        boolean visit(long block, long place);
    }
}
