package io.holdfast.hostio.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The content of one file of a [SimulatedDisk]: what a reader sees now, what is surely durable, and what a
/// crash may or may not leave. Pages are never changed once made, so images share them. Guarded by the disk.
final class SimulatedFile {
    static final int PAGE_BYTES = 4096;
    /// A write is torn between sectors, never inside one.
    private static final int SECTOR_BYTES = 512;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private byte @Nullable [][] pages = new byte[0][];
    private long size;
    private byte @Nullable [][] durablePages = new byte[0][];
    private long durableSize;
    private final TreeMap<Integer, List<byte[]>> pending = new TreeMap<>();
    private final List<Long> pendingSizes = new ArrayList<>();
    /// Set by a failed sync: what was pending then is never made durable by a later one, yet may survive.
    private boolean abandoned;

    long size() {
        return size;
    }

    void read(long position, ByteBuffer target) {
        long next = position;
        while (target.hasRemaining()) {
            int page = (int) (next / PAGE_BYTES);
            int offset = (int) (next % PAGE_BYTES);
            int count = Math.min(target.remaining(), PAGE_BYTES - offset);
            target.put(page(pages, page), offset, count);
            next += count;
        }
    }

    void write(long position, ByteBuffer source) {
        long next = position;
        while (source.hasRemaining()) {
            int page = (int) (next / PAGE_BYTES);
            int offset = (int) (next % PAGE_BYTES);
            int count = Math.min(source.remaining(), PAGE_BYTES - offset);
            byte[] changed = count == PAGE_BYTES ? new byte[PAGE_BYTES] : page(pages, page).clone();
            source.get(changed, offset, count);
            change(page, changed);
            next += count;
        }
        grow(next);
    }

    void writeZeros(long position, long bytes) {
        long next = position;
        while (next < position + bytes) {
            int page = (int) (next / PAGE_BYTES);
            int offset = (int) (next % PAGE_BYTES);
            int count = (int) Math.min(position + bytes - next, PAGE_BYTES - offset);
            byte[] changed = ZEROS;
            if (count < PAGE_BYTES) {
                changed = page(pages, page).clone();
                Arrays.fill(changed, offset, offset + count, (byte) 0);
            }
            change(page, changed);
            next += count;
        }
        grow(next);
    }

    private void change(int page, byte[] changed) {
        pages = put(pages, page, changed);
        pending.computeIfAbsent(page, _ -> new ArrayList<>(1)).add(changed);
    }

    private void grow(long next) {
        if (next > size) {
            size = next;
            pendingSizes.add(size);
        }
    }

    /// Lets the file grow by zeros without writing them one by one.
    void extend(long bytes) {
        if (bytes > size) {
            size = bytes;
            pendingSizes.add(size);
        }
    }

    void sync() {
        if (!abandoned) {
            for (int page : pending.keySet()) {
                durablePages = put(durablePages, page, page(pages, page));
            }
            durableSize = size;
            pending.clear();
            pendingSizes.clear();
        }
    }

    void failSync() {
        abandoned = abandoned || !pending.isEmpty();
    }

    boolean hasPending() {
        return !pending.isEmpty() || !pendingSizes.isEmpty();
    }

    /// Changes a bit behind everybody's back, in what is seen and in what is durable.
    void flipBit(long position, int bit) {
        int page = (int) (position / PAGE_BYTES);
        byte[] changed = page(pages, page).clone();
        changed[(int) (position % PAGE_BYTES)] ^= (byte) (1 << bit);
        pages = put(pages, page, changed);
        durablePages = put(durablePages, page, changed);
    }

    /// What a crash leaves: each page in any of the states it had since the last sync, perhaps torn; the
    /// size likewise, and independent of the pages, so that a file may be long before its bytes are there.
    SimulatedFile survivor(SplittableRandom random) {
        SimulatedFile survivor = new SimulatedFile();
        survivor.pages = durablePages.clone();
        int survival = random.nextInt(4);
        pending.forEach((page, versions) -> {
            byte[] chosen = choose(page, versions, survival, random);
            survivor.pages = put(survivor.pages, page, chosen);
        });
        int sizes = pendingSizes.size() + 1;
        int chosenSize = survival == 0 ? 0 : random.nextInt(sizes);
        survivor.size = chosenSize == 0 ? durableSize : pendingSizes.get(chosenSize - 1);
        survivor.forgetBeyondEnd();
        survivor.durablePages = survivor.pages.clone();
        survivor.durableSize = survivor.size;
        return survivor;
    }

    private byte[] choose(int page, List<byte[]> versions, int survival, SplittableRandom random) {
        int count = versions.size();
        int chosen =
                switch (survival) {
                    case 0 -> 0;
                    case 1 -> count;
                    default -> random.nextInt(count + 1);
                };
        byte[] before = page(durablePages, page);
        byte[] kept = chosen == 0 ? before : versions.get(chosen - 1);
        if (survival < 3 || chosen == 0) {
            return kept;
        }
        byte[] older = chosen == 1 ? before : versions.get(chosen - 2);
        return tear(older, kept, random);
    }

    private static byte[] tear(byte[] older, byte[] newer, SplittableRandom random) {
        byte[] torn = older.clone();
        for (int sector = 0; sector < PAGE_BYTES; sector += SECTOR_BYTES) {
            if (random.nextBoolean()) {
                System.arraycopy(newer, sector, torn, sector, SECTOR_BYTES);
            }
        }
        return torn;
    }

    private void forgetBeyondEnd() {
        int whole = (int) ((size + PAGE_BYTES - 1) / PAGE_BYTES);
        if (pages.length > whole) {
            pages = Arrays.copyOf(pages, whole);
        }
        int rest = (int) (size % PAGE_BYTES);
        if (rest != 0 && pages.length == whole) {
            byte[] last = Arrays.copyOf(Arrays.copyOf(page(pages, whole - 1), rest), PAGE_BYTES);
            pages = put(pages, whole - 1, last);
        }
    }

    private static byte[] page(byte @Nullable [][] pages, int index) {
        byte[] page = index < pages.length ? pages[index] : null;
        return page == null ? ZEROS : page;
    }

    private static byte @Nullable [][] put(byte @Nullable [][] pages, int index, byte[] page) {
        byte @Nullable [][] roomy = pages;
        if (index >= pages.length) {
            roomy = Arrays.copyOf(pages, Math.max(index + 1, pages.length * 2));
        }
        roomy[index] = page;
        return roomy;
    }
}
