package io.holdfast.hostio.checkpoint;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Pages that a program touches soon after it was restored, by the number of its process in the images.
/// Recorded in one restore, they are there before the next one goes on (record and prefetch: Ustiugov et
/// al., "Benchmarking, Analysis, and Optimization of Serverless Function Snapshots", ASPLOS 2021).
/// Immutable.
public final class WorkingSet {
    /// Nothing is known.
    public static final WorkingSet NONE = new WorkingSet(Map.of());

    /// More than this of one process is no set to work with: 128 MiB.
    static final int PAGES_MAX = 1 << 15;

    private static final long[] NO_PAGES = {};

    private final Map<Integer, long[]> pages;

    private WorkingSet(Map<Integer, long[]> pages) {
        this.pages = pages;
    }

    /// @param pages addresses in any order, which are the set's from now on
    static WorkingSet of(Map<Integer, long[]> pages) {
        Map<Integer, long[]> sorted = new HashMap<>();
        pages.forEach((process, addresses) -> sorted.put(process, distinct(addresses)));
        return new WorkingSet(sorted);
    }

    private static long[] distinct(long[] addresses) {
        return Arrays.stream(addresses).sorted().distinct().limit(PAGES_MAX).toArray();
    }

    /// What is in either.
    public WorkingSet with(WorkingSet other) {
        Map<Integer, long[]> all = new HashMap<>(pages);
        other.pages.forEach((process, addresses) -> all.merge(process, addresses, WorkingSet::together));
        return new WorkingSet(all);
    }

    private static long[] together(long[] some, long[] more) {
        long[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return distinct(all);
    }

    public boolean isEmpty() {
        return pages.isEmpty();
    }

    /// How many pages of all processes.
    public int size() {
        return pages.values().stream().mapToInt(addresses -> addresses.length).sum();
    }

    /// Where the pages of one process begin, in ascending order; the caller leaves them as they are.
    long[] of(int process) {
        return pages.getOrDefault(process, NO_PAGES);
    }

    @Override
    public String toString() {
        Map<Integer, Integer> counts = new TreeMap<>();
        pages.forEach((process, addresses) -> counts.put(process, addresses.length));
        return "pages by process " + counts;
    }
}
