package io.holdfast.hostio.blockdevice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// Which granules of a file were ever written: one bit per 64 KiB. Concurrent: bits are only ever set, and a
/// grown map shares the bits of the one it came from.
final class GranuleMap {
    /// The hole size that keeps the map at 2 MB per TiB.
    static final int GRANULE_BYTES = 1 << 16;

    private static final int SHIFT = 16;
    private static final int PAGE_WORDS = 1024;
    private static final long PAGE_BYTES = (long) PAGE_WORDS * Long.SIZE * GRANULE_BYTES;

    private final AtomicLongArray[] pages;

    private GranuleMap(AtomicLongArray[] pages) {
        this.pages = pages;
    }

    static GranuleMap empty(long sizeBytes) {
        return new GranuleMap(new AtomicLongArray[0]).grownTo(sizeBytes);
    }

    static GranuleMap full(long sizeBytes) {
        GranuleMap map = empty(sizeBytes);
        map.mark(0, sizeBytes);
        return map;
    }

    /// The map of a larger device, the new part of which is empty.
    GranuleMap grownTo(long sizeBytes) {
        int count = Math.toIntExact((sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES);
        AtomicLongArray[] grown = Arrays.copyOf(pages, Math.max(count, pages.length));
        for (int i = pages.length; i < grown.length; i++) {
            grown[i] = new AtomicLongArray(PAGE_WORDS);
        }
        return new GranuleMap(grown);
    }

    /// Sets the bits of all granules that the range touches.
    void mark(long offset, long length) {
        if (length == 0) {
            return;
        }
        long last = (offset + length - 1) >> SHIFT;
        for (long granule = offset >> SHIFT; granule <= last; granule++) {
            AtomicLongArray page = page(granule);
            int word = word(granule);
            long bit = 1L << granule;
            long old = page.get(word);
            while ((old & bit) == 0 && !page.compareAndSet(word, old, old | bit)) {
                old = page.get(word);
            }
        }
    }

    boolean isWritten(long offset) {
        long granule = offset >> SHIFT;
        return (page(granule).get(word(granule)) & 1L << granule) != 0;
    }

    private AtomicLongArray page(long granule) {
        return pages[(int) (granule / (PAGE_WORDS * Long.SIZE))];
    }

    private static int word(long granule) {
        return (int) (granule / Long.SIZE) % PAGE_WORDS;
    }

    boolean isAnyWritten(long offset, long length) {
        for (long at = offset; at < offset + length; at = granuleEnd(at)) {
            if (isWritten(at)) {
                return true;
            }
        }
        return false;
    }

    /// The runs of written and never written granules from `offset`, at most `countMax` of them.
    List<Extent> extents(long offset, long length, int countMax) {
        List<Extent> extents = new ArrayList<>();
        long end = offset + length;
        long at = offset;
        while (at < end && extents.size() < countMax) {
            long start = at;
            boolean written = isWritten(at);
            while (at < end && isWritten(at) == written) {
                at = Math.min(end, granuleEnd(at));
            }
            extents.add(new Extent(start, at - start, written ? Extent.Kind.DATA : Extent.Kind.HOLE));
        }
        return extents;
    }

    static long granuleEnd(long offset) {
        return (offset | (GRANULE_BYTES - 1)) + 1;
    }
}
