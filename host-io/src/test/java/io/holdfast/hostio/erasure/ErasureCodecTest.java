package io.holdfast.hostio.erasure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.nativeaccess.IsaLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.ozone.erasurecode.rawcoder.util.RSUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Alone, because the vector code is compared with tables by the time that both take.
@Isolated
final class ErasureCodecTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261);
    private static final VectorBackend VECTOR = new VectorBackend();
    /// Not a multiple of any vector's size, so that the tails are computed too.
    private static final int STRIP_BYTES = 1024 + 160 + 7;

    @BeforeAll
    static void compileTheVectorCode() {
        VECTOR.warmUp();
        assertTrue(VECTOR.isWarm(), "the vector code never became faster than the tables");
    }

    @Test
    void aHostWithoutTheLibraryAndAProcessWithoutVectorsHaveACodec() {
        assertEquals("vector, warming up", ErasureCodecs.choose(Optional.empty(), true).name());
        assertEquals("table", ErasureCodecs.choose(Optional.empty(), false).name());
        IsaLibrary.find().ifPresent(library -> assertEquals(
                new IsalBackend(library).name(), ErasureCodecs.choose(Optional.of(library), true).name()));
    }

    @Test
    void everyBackendGivesTheBytesOfAnIndependentCoder() {
        SplittableRandom random = new SplittableRandom(SEED);
        try (Arena arena = Arena.ofConfined()) {
            for (ErasureProfile profile : everyProfile()) {
                MemorySegment[] data = random(arena, random, profile.dataStrips());
                byte[][] expected = encodeIndependently(profile, data);
                for (CodecBackend backend : backends()) {
                    MemorySegment[] parity = memory(arena, profile.parityStrips());
                    new MatrixCodec(profile, backend).encode(data, parity, STRIP_BYTES);
                    for (int i = 0; i < parity.length; i++) {
                        assertArrayEquals(
                                expected[i],
                                bytes(parity[i]),
                                profile + " " + backend.name() + " parity " + i);
                    }
                }
            }
        }
    }

    @Test
    void anyKStripsGiveBackAllOthers() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (ErasureProfile profile : everyProfile()) {
            try (Arena arena = Arena.ofConfined()) {
                int absentMask = random.nextInt(3) == 0 ? random.nextInt(1 << profile.dataStrips()) : 0;
                MemorySegment[] row = encodedRow(profile, absentMask, arena, random);
                for (CodecBackend backend : backends()) {
                    ErasureCodec codec = new MatrixCodec(profile, backend);
                    for (int trial = 0; trial < 6; trial++) {
                        loseAndReconstruct(codec, row, absentMask, arena, random);
                    }
                }
            }
        }
    }

    private static void loseAndReconstruct(
            ErasureCodec codec, MemorySegment[] row, int absentMask, Arena arena, SplittableRandom random) {
        ErasureProfile profile = codec.profile();
        @Nullable MemorySegment[] atHand = new @Nullable MemorySegment[row.length];
        @Nullable MemorySegment[] wanted = new @Nullable MemorySegment[row.length];
        List<Integer> existing = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            if ((absentMask & 1 << i) == 0) {
                existing.add(i);
                atHand[i] = row[i];
            }
        }
        int losses = random.nextInt(profile.parityStrips() + 1);
        for (int i = 0; i < losses && !existing.isEmpty(); i++) {
            int lost = existing.get(random.nextInt(existing.size()));
            existing.remove(Integer.valueOf(lost));
            atHand[lost] = null;
            wanted[lost] = arena.allocate(STRIP_BYTES);
        }
        codec.reconstruct(atHand, absentMask, wanted, STRIP_BYTES);
        for (int i = 0; i < row.length; i++) {
            MemorySegment filled = wanted[i];
            if (filled != null) {
                assertEquals(-1, row[i].mismatch(filled), codec.profile() + " " + codec.backend() + " " + i
                        + " absent " + Integer.toBinaryString(absentMask) + " seed " + SEED);
            }
        }
    }

    @Test
    void anAbsentStripIsTheSameAsAStripOfZeros() {
        SplittableRandom random = new SplittableRandom(SEED);
        ErasureProfile profile = new ErasureProfile(5, 3);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] zeroed = random(arena, random, 5);
            zeroed[1].fill((byte) 0);
            zeroed[4].fill((byte) 0);
            @Nullable MemorySegment[] absent = zeroed.clone();
            absent[1] = null;
            absent[4] = null;
            for (CodecBackend backend : backends()) {
                ErasureCodec codec = new MatrixCodec(profile, backend);
                MemorySegment[] expected = memory(arena, 3);
                MemorySegment[] actual = memory(arena, 3);
                codec.encode(zeroed, expected, STRIP_BYTES);
                codec.encode(absent, actual, STRIP_BYTES);
                for (int i = 0; i < 3; i++) {
                    assertArrayEquals(bytes(expected[i]), bytes(actual[i]), backend.name());
                }
            }
        }
    }

    @Test
    void refusesWhatCannotBeComputed() {
        ErasureCodec codec = ErasureCodecs.best(new ErasureProfile(3, 2));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] strips = memory(arena, 5);
            @Nullable MemorySegment[] none = new @Nullable MemorySegment[5];
            @Nullable MemorySegment[] two = {strips[0], null, null, null, strips[4]};
            assertThrows(IllegalArgumentException.class, () -> codec.reconstruct(two, 0, none, 64));
            assertThrows(IllegalArgumentException.class, () -> codec.reconstruct(strips, 0, strips, 64));
            assertThrows(IllegalArgumentException.class, () -> codec.reconstruct(two, 1 << 3, none, 64));
            assertThrows(IllegalArgumentException.class, () -> codec.encode(strips, none, 64));
            MemorySegment[] heap = {MemorySegment.ofArray(new byte[64]), strips[1], strips[2]};
            assertThrows(IllegalArgumentException.class, () -> codec.encode(heap, memory(arena, 2), 64));
        }
    }

    @Test
    void theMatrixIsTheOneStripsOnDiskDependOn() {
        assertEquals(
                "CodingMatrix[4x2 [1, 0, 0, 1, -114, -12, -12, -114]]",
                CodingMatrix.cauchy(new ErasureProfile(2, 2)).toString());
    }

    private static List<ErasureProfile> everyProfile() {
        List<ErasureProfile> profiles = new ArrayList<>();
        for (int k = 1; k <= ErasureProfile.DATA_STRIPS_MAX; k++) {
            for (int m = 0; m <= ErasureProfile.PARITY_STRIPS_MAX; m++) {
                profiles.add(new ErasureProfile(k, m));
            }
        }
        return profiles;
    }

    private static List<CodecBackend> backends() {
        List<CodecBackend> backends = new ArrayList<>(List.of(new TableBackend(), VECTOR));
        IsaLibrary.find().ifPresent(library -> backends.add(new IsalBackend(library)));
        return backends;
    }

    private static MemorySegment[] encodedRow(
            ErasureProfile profile, int absentMask, Arena arena, SplittableRandom random) {
        MemorySegment[] row = random(arena, random, profile.strips());
        for (int i = 0; i < profile.dataStrips(); i++) {
            if ((absentMask & 1 << i) != 0) {
                row[i].fill((byte) 0);
            }
        }
        byte[][] parity = encodeIndependently(profile, row);
        for (int i = 0; i < parity.length; i++) {
            row[profile.dataStrips() + i].copyFrom(MemorySegment.ofArray(parity[i]));
        }
        return row;
    }

    private static byte[][] encodeIndependently(ErasureProfile profile, MemorySegment[] data) {
        int k = profile.dataStrips();
        int m = profile.parityStrips();
        byte[] matrix = new byte[(k + m) * k];
        RSUtil.genCauchyMatrix(matrix, k + m, k);
        byte[] tables = new byte[Math.max(1, k * m * 32)];
        RSUtil.initTables(k, m, matrix, k * k, tables);
        byte[][] inputs = new byte[k][];
        for (int i = 0; i < k; i++) {
            inputs[i] = bytes(data[i]);
        }
        byte[][] outputs = new byte[m][STRIP_BYTES];
        RSUtil.encodeData(tables, STRIP_BYTES, inputs, new int[k], outputs, new int[m]);
        return outputs;
    }

    private static MemorySegment[] random(Arena arena, SplittableRandom random, int count) {
        MemorySegment[] strips = memory(arena, count);
        for (MemorySegment strip : strips) {
            byte[] bytes = new byte[STRIP_BYTES];
            random.nextBytes(bytes);
            strip.copyFrom(MemorySegment.ofArray(bytes));
        }
        return strips;
    }

    private static MemorySegment[] memory(Arena arena, int count) {
        MemorySegment[] strips = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            strips[i] = arena.allocate(STRIP_BYTES);
        }
        return strips;
    }

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }
}
