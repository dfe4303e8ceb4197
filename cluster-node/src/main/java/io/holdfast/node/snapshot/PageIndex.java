package io.holdfast.node.snapshot;

import java.util.Arrays;

/// Finds pages by their names. Confined.
final class PageIndex {
    static final int NONE = -1;

    private final PageTable pages;
    private final int[] slots;

    /// An index that is empty.
    ///
    /// @param countMax how many pages it may get
    PageIndex(PageTable pages, int countMax) {
        this.pages = pages;
        this.slots = new int[Integer.highestOneBit(Math.max(1, countMax)) * 4];
        Arrays.fill(slots, NONE);
    }

    /// An index of all pages of a table but those of zeros.
    static PageIndex over(PageTable pages) {
        PageIndex index = new PageIndex(pages, pages.count());
        for (int page = 0; page < pages.count(); page++) {
            if (pages.place(page) != PageTable.ZEROS) {
                index.add(page);
            }
        }
        return index;
    }

    /// Enters a page; of several with one name the first stays.
    void add(int page) {
        int slot = slotOf(pages.high(page), pages.low(page));
        if (slots[slot] == NONE) {
            slots[slot] = page;
        }
    }

    /// A page with this name, or [#NONE].
    int find(long high, long low) {
        return slots[slotOf(high, low)];
    }

    private int slotOf(long high, long low) {
        // A name is a digest: its lowest bits are as good as any hash of it.
        int slot = (int) low & (slots.length - 1);
        while (slots[slot] != NONE && !pages.isNamed(slots[slot], high, low)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }
}
