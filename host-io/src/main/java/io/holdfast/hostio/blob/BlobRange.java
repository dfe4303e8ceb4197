package io.holdfast.hostio.blob;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// A run of bytes of a store of blobs.
///
/// @param begin of the first byte
/// @param end behind the last
public record BlobRange(long begin, long end) {
    public BlobRange {
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("begin=" + begin + " end=" + end);
        }
    }

    /// All that a blob takes.
    public static BlobRange of(long offset, long lengthBytes) {
        return new BlobRange(offset, offset + BlobStore.padded(lengthBytes));
    }

    public long lengthBytes() {
        return end - begin;
    }

    /// What is left of some ranges, which do not overlap, without others, which may. Ascends.
    public static List<BlobRange> without(Collection<BlobRange> ranges, Collection<BlobRange> others) {
        List<BlobRange> taken = joined(others);
        List<BlobRange> left = new ArrayList<>();
        int next = 0;
        for (BlobRange range : sorted(ranges)) {
            while (next < taken.size() && taken.get(next).end <= range.begin) {
                next++;
            }
            long at = range.begin;
            for (int i = next; i < taken.size() && taken.get(i).begin < range.end; i++) {
                if (taken.get(i).begin > at) {
                    left.add(new BlobRange(at, taken.get(i).begin));
                }
                at = taken.get(i).end;
            }
            if (at < range.end) {
                left.add(new BlobRange(at, range.end));
            }
        }
        return left;
    }

    /// The same bytes in ascending ranges that do not overlap.
    private static List<BlobRange> joined(Collection<BlobRange> ranges) {
        List<BlobRange> joined = new ArrayList<>();
        for (BlobRange range : sorted(ranges)) {
            if (!joined.isEmpty() && joined.getLast().end >= range.begin) {
                BlobRange last = joined.removeLast();
                joined.add(new BlobRange(last.begin, Math.max(last.end, range.end)));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private static List<BlobRange> sorted(Collection<BlobRange> ranges) {
        return ranges.stream()
                .filter(range -> range.lengthBytes() > 0)
                .sorted(Comparator.comparingLong(BlobRange::begin))
                .toList();
    }
}
