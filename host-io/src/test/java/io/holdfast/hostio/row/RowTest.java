package io.holdfast.hostio.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.erasure.ErasureCodec;
import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RowTest {
    private static final long SEED = Long.getLong("holdfast.seed", 99);
    private static final ChunkId CHUNK = new ChunkId(1, 2);
    private final SplittableRandom random = new SplittableRandom(SEED);

    private List<StripContent> contents(int strips, int blocks) {
        List<StripContent> contents = new ArrayList<>();
        for (int i = 0; i < strips; i++) {
            byte[] bytes = new byte[blocks * StripContent.BLOCK_BYTES];
            random.nextBytes(bytes);
            ByteBuffer payload = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            contents.add(StripContent.ofRange(payload, random.nextLong(1L << 47)));
        }
        return contents;
    }

    private static RowEncoder encoder(ErasureCodec codec) {
        return new RowEncoder(codec, CHUNK, 5, ByteBuffer::allocateDirect);
    }

    @Test
    void everyStripComesBackFromAnyThatSuffice() {
        for (int k = 1; k <= ErasureProfile.DATA_STRIPS_MAX; k++) {
            for (int m = 1; m <= ErasureProfile.PARITY_STRIPS_MAX; m++) {
                ErasureCodec codec = ErasureCodecs.best(new ErasureProfile(k, m));
                for (int trial = 0; trial < 4; trial++) {
                    int strips = 1 + random.nextInt(k);
                    int row = random.nextInt(1000);
                    List<StripContent> contents = contents(strips, 1 + random.nextInt(2));
                    loseAndReconstruct(codec, encoder(codec).encode(row, 77, contents));
                }
            }
        }
    }

    private void loseAndReconstruct(ErasureCodec codec, List<Strip> row) {
        List<Strip> left = new ArrayList<>(row);
        List<Strip> lost = new ArrayList<>();
        int needed = RowDecoder.stripsNeeded(row.getFirst().header());
        while (left.size() > needed) {
            lost.add(left.remove(random.nextInt(left.size())));
        }
        RowDecoder decoder = new RowDecoder(codec, ByteBuffer::allocateDirect);
        for (Strip strip : lost) {
            Strip again = decoder.reconstruct(left, strip.header().fragment().index().value());
            assertEquals(strip.payload(), again.payload(), "seed " + SEED);
            assertEquals(strip.header(), again.header(), "seed " + SEED);
        }
    }

    @Test
    void aLoneBlockCostsOneStripAndItsParity() {
        List<Strip> row = encoder(ErasureCodecs.best(new ErasureProfile(4, 2))).encode(6, 1, contents(1, 1));
        assertEquals(3, row.size());
        assertEquals(2, row.getFirst().header().fragment().index().value());
        assertEquals(1 << 2, row.getFirst().header().existingMask());
    }

    @Test
    void aWrongStripAmongThemIsNoticed() {
        ErasureCodec codec = ErasureCodecs.best(new ErasureProfile(3, 1));
        List<Strip> row = encoder(codec).encode(0, 1, contents(3, 2));
        ByteBuffer payload = row.get(1).payload();
        payload.put(5000, (byte) ~payload.get(5000));
        RowDecoder decoder = new RowDecoder(codec, ByteBuffer::allocateDirect);
        List<Strip> left = row.subList(1, 4);
        assertThrows(CorruptDataException.class, () -> decoder.reconstruct(left, 0));
        List<Strip> other = encoder(codec).encode(1, 2, contents(3, 2));
        List<Strip> mixed = List.of(row.get(1), row.get(2), other.getLast());
        assertThrows(CorruptDataException.class, () -> decoder.reconstruct(mixed, 0));
    }

    @Test
    void aNoteLiesOnAsManyFragmentsAsSurviveTheLosses() {
        RowEncoder encoder = encoder(ErasureCodecs.best(new ErasureProfile(4, 2)));
        List<Integer> fragments = encoder.note(5, 9, StripBody.allocate()).stream()
                .map(strip -> strip.header().fragment().index().value())
                .toList();
        assertEquals(List.of(5, 0, 1), fragments);
    }

    @Test
    void rowsAreDividedWithoutPadding() {
        assertEquals(List.of(new RowShape(1, 1)), RowShape.divide(1, 4));
        assertEquals(List.of(new RowShape(4, 1), new RowShape(1, 1)), RowShape.divide(5, 4));
        assertEquals(List.of(new RowShape(2, 16), new RowShape(1, 1)), RowShape.divide(33, 2));
        assertEquals(8, RowShape.divide(256, 2).size());
        for (int k = 1; k <= 16; k++) {
            for (int blocks = 1; blocks < 700; blocks++) {
                List<RowShape> rows = RowShape.divide(blocks, k);
                assertEquals(blocks, rows.stream().mapToInt(RowShape::blocks).sum());
                int dataStrips = k;
                assertTrue(rows.stream().allMatch(row -> row.strips() <= dataStrips));
            }
        }
    }
}
