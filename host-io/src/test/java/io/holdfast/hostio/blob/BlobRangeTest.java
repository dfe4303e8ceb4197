package io.holdfast.hostio.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BlobRangeTest {
    private static final long SEED = 20_261_121;
    private static final int BOUND = 64;

    @Test
    void aBlobTakesWholeBlocks() {
        assertEquals(new BlobRange(8192, 12_288), BlobRange.of(8192, 1));
        assertEquals(0, BlobRange.of(4096, 0).lengthBytes());
        assertThrows(IllegalArgumentException.class, () -> new BlobRange(2, 1));
    }

    @Test
    void whatIsLeftIsWhatIsInNoOther() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 5_000; i++) {
            List<BlobRange> ranges = disjoint(random);
            List<BlobRange> others = any(random);
            BitSet expected = bits(ranges);
            expected.andNot(bits(others));
            List<BlobRange> left = BlobRange.without(ranges, others);
            String message = "seed=" + SEED + " i=" + i + " ranges=" + ranges + " others=" + others;
            assertEquals(expected, bits(left), message);
            long total = left.stream().mapToLong(BlobRange::lengthBytes).sum();
            assertEquals(expected.cardinality(), total, message);
        }
    }

    private static List<BlobRange> disjoint(SplittableRandom random) {
        List<BlobRange> ranges = new ArrayList<>();
        int at = random.nextInt(4);
        while (at < BOUND) {
            int end = at + 1 + random.nextInt(12);
            ranges.add(new BlobRange(at, end));
            at = end + random.nextInt(6);
        }
        return ranges;
    }

    private static List<BlobRange> any(SplittableRandom random) {
        List<BlobRange> ranges = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            int begin = random.nextInt(BOUND);
            ranges.add(new BlobRange(begin, begin + random.nextInt(20)));
        }
        return ranges;
    }

    private static BitSet bits(List<BlobRange> ranges) {
        BitSet bits = new BitSet();
        ranges.forEach(range -> bits.set((int) range.begin(), (int) range.end()));
        return bits;
    }
}
