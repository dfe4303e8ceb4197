package io.holdfast.hostio.erasure;

import io.holdfast.hostio.nativeaccess.IsaLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prints GB of data per second that each back-end encodes, and decodes with two strips lost, on strips of
/// 64 KiB: once with one row used again and again (hot), once over rows of 256 MiB in all (cold). Run its
/// `main` in a JVM of its own; compare only figures of one run.
final class ErasureCodecBenchmark {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureCodecBenchmark.class);
    private static final int STRIP_BYTES = 64 << 10;
    private static final long COLD_BYTES = 256L << 20;
    private static final long NANOS_PER_MEASUREMENT = 700_000_000L;
    private static final List<ErasureProfile> PROFILES =
            List.of(new ErasureProfile(4, 2), new ErasureProfile(8, 3), new ErasureProfile(10, 4));

    private ErasureCodecBenchmark() {}

    public static void main(String[] arguments) {
        VectorBackend vector = new VectorBackend();
        vector.warmUp();
        List<CodecBackend> backends = new ArrayList<>(List.of(vector, new TableBackend()));
        IsaLibrary.find().ifPresent(library -> backends.addFirst(new IsalBackend(library)));
        for (ErasureProfile profile : PROFILES) {
            for (CodecBackend backend : backends) {
                ErasureCodec codec = new MatrixCodec(profile, backend);
                measure(codec, 1); // Compiles.
                LOG.info("{} {}: {} GB/s encode hot, {} cold, {} decode of two hot", profile, backend.name(),
                        measure(codec, 1), measure(codec, coldRows(profile)), measureDecode(codec));
            }
        }
    }

    private static int coldRows(ErasureProfile profile) {
        return (int) (COLD_BYTES / ((long) STRIP_BYTES * profile.strips())) + 1;
    }

    private static String measure(ErasureCodec codec, int rows) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[][] data = new MemorySegment[rows][];
            MemorySegment[][] parity = new MemorySegment[rows][];
            for (int row = 0; row < rows; row++) {
                data[row] = strips(arena, codec.profile().dataStrips());
                parity[row] = strips(arena, codec.profile().parityStrips());
            }
            long start = System.nanoTime();
            long count = 0;
            do {
                int row = (int) (count++ % rows);
                codec.encode(data[row], parity[row], STRIP_BYTES);
            } while (System.nanoTime() - start < NANOS_PER_MEASUREMENT);
            return rate(codec, count, System.nanoTime() - start);
        }
    }

    private static String measureDecode(ErasureCodec codec) {
        try (Arena arena = Arena.ofConfined()) {
            @Nullable MemorySegment[] strips = strips(arena, codec.profile().strips());
            @Nullable MemorySegment[] wanted = new @Nullable MemorySegment[strips.length];
            for (int lost = 0; lost < 2; lost++) {
                wanted[lost] = strips[lost];
                strips[lost] = null;
            }
            long start = System.nanoTime();
            long count = 0;
            do {
                codec.reconstruct(strips, 0, wanted, STRIP_BYTES);
                count++;
            } while (System.nanoTime() - start < NANOS_PER_MEASUREMENT);
            return rate(codec, count, System.nanoTime() - start);
        }
    }

    private static String rate(ErasureCodec codec, long count, long nanos) {
        double bytes = (double) count * STRIP_BYTES * codec.profile().dataStrips();
        return String.format(Locale.ROOT, "%.1f", bytes / nanos);
    }

    private static MemorySegment[] strips(Arena arena, int count) {
        SplittableRandom random = new SplittableRandom(count);
        MemorySegment[] strips = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            strips[i] = arena.allocate(STRIP_BYTES, 4096);
            for (int at = 0; at < STRIP_BYTES; at += Long.BYTES) {
                strips[i].set(ValueLayout.JAVA_LONG, at, random.nextLong());
            }
        }
        return strips;
    }
}
