package io.holdfast.hostio.erasure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Vector API. Its code is about a thousand times slower until it is compiled, so this back-end lets
/// [TableBackend] compute until [#warmUp()] has seen its own kernels overtake it.
final class VectorBackend implements CodecBackend {
    private static final Logger LOG = LoggerFactory.getLogger(VectorBackend.class);
    /// Part of the strips worked on at a time, so that the targets stay in the first-level cache while the
    /// sources pass by; 4 KiB and 16 KiB measured alike, 64 KiB slower for m > 2.
    private static final int TILE_BYTES = 8 << 10;
    private static final int TARGETS_MAX = 4;
    private static final int WARM_UP_ROUNDS_MAX = 400;
    private static final int WARM_UP_TILES_PER_ROUND = 100;

    private final TableBackend start = new TableBackend();
    private volatile boolean warm;

    @Override
    public String name() {
        return warm ? "vector" : "vector, warming up";
    }

    boolean isWarm() {
        return warm;
    }

    @Override
    public StripTransform transform(CodingMatrix matrix) {
        StripTransform slow = start.transform(matrix);
        VectorTransform fast = new VectorTransform(matrix);
        return (sources, targets, stripBytes) ->
                (warm ? fast : slow).apply(sources, targets, stripBytes);
    }

    /// Runs the kernels on memory of its own until they are faster than the tables. Takes about a second of
    /// one processor; call it once, on a thread of its own.
    void warmUp() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(TILE_BYTES, Long.BYTES);
            MemorySegment[] targets = new MemorySegment[TARGETS_MAX];
            for (int i = 0; i < targets.length; i++) {
                targets[i] = arena.allocate(TILE_BYTES, Long.BYTES);
            }
            boolean fast = true;
            for (int count = 1; count <= TARGETS_MAX; count++) {
                fast &= warmUp(new MemorySegment[] {source}, Arrays.copyOf(targets, count));
            }
            warm = fast;
            LOG.info("erasure codec warmed up: backend={} lanes={}", name(), VectorKernels.LANES);
        }
    }

    private boolean warmUp(MemorySegment[] sources, MemorySegment[] targets) {
        ErasureProfile profile = new ErasureProfile(1, targets.length);
        int[] rows = IntStream.rangeClosed(1, targets.length).toArray();
        CodingMatrix matrix = CodingMatrix.cauchy(profile).selectRows(rows);
        StripTransform slow = start.transform(matrix);
        StripTransform fast = new VectorTransform(matrix);
        for (int round = 0; round < WARM_UP_ROUNDS_MAX; round++) {
            if (nanosPerRound(fast, sources, targets) < nanosPerRound(slow, sources, targets)) {
                return true;
            }
        }
        return false;
    }

    private static long nanosPerRound(
            StripTransform transform, MemorySegment[] sources, MemorySegment[] targets) {
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP_TILES_PER_ROUND; i++) {
            transform.apply(sources, targets, TILE_BYTES);
        }
        return System.nanoTime() - start;
    }

    /// A matrix as tables: per source, the rows in groups of up to four.
    private static final class VectorTransform implements StripTransform {
        private final int rows;
        private final byte[][] tables;
        private final byte[][] products;

        VectorTransform(CodingMatrix matrix) {
            rows = matrix.rows();
            tables = new byte[matrix.columns()][];
            products = new byte[matrix.columns() * rows][];
            for (int column = 0; column < tables.length; column++) {
                int[] coefficients = new int[rows];
                for (int row = 0; row < rows; row++) {
                    coefficients[row] = matrix.at(row, column);
                    products[column * rows + row] = TableBackend.products(coefficients[row]);
                }
                tables[column] = VectorKernels.tables(coefficients);
            }
        }

        @Override
        public void apply(MemorySegment[] sources, MemorySegment[] targets, int stripBytes) {
            int vectorBytes = stripBytes - stripBytes % VectorKernels.LANES;
            for (MemorySegment target : targets) {
                target.asSlice(0, stripBytes).fill((byte) 0);
            }
            for (int from = 0; from < vectorBytes; from += TILE_BYTES) {
                int to = Math.min(from + TILE_BYTES, vectorBytes);
                for (int column = 0; column < sources.length; column++) {
                    addTile(tables[column], sources[column], targets, from, to);
                }
            }
            if (vectorBytes < stripBytes) {
                addTail(sources, targets, vectorBytes, stripBytes);
            }
        }

        private static void addTile(
                byte[] tables, MemorySegment source, MemorySegment[] targets, int from, int to) {
            switch (targets.length) {
                case 1 -> VectorKernels.add1(tables, source, targets[0], from, to);
                case 2 -> VectorKernels.add2(tables, source, targets[0], targets[1], from, to);
                case 3 -> VectorKernels.add3(tables, source, targets, from, to);
                case TARGETS_MAX -> VectorKernels.add4(tables, source, targets, from, to);
                default -> throw new IllegalArgumentException("at most 4 targets: count=" + targets.length);
            }
        }

        private void addTail(MemorySegment[] sources, MemorySegment[] targets, int from, int to) {
            for (int column = 0; column < sources.length; column++) {
                for (int row = 0; row < rows; row++) {
                    byte[] table = products[column * rows + row];
                    TableBackend.multiply(table, sources[column], targets[row], from, to, true);
                }
            }
        }
    }
}
