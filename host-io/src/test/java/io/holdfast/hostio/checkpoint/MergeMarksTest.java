package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeMarksTest {
    private static final int HEAP = 1 | 1 << 5 | 1 << 9;
    private static final int FILE = 1 | 1 << 6;
    private static final int SHARED = 1 | 1 << 8;
    private static final int KERNEL_PAGE = 1 | 1 << 3 | 1 << 9;
    private static final int GUARD = 1 << 16;
    private static final long HUGE_PAGES = 1L << 14;
    private static final long MERGEABLE = 1L << 12;

    @Test
    void privateMemoryIsMarkedAndNothingElse() throws IOException {
        byte[] image = image(
                mapping(HEAP, 0), mapping(FILE, HUGE_PAGES), mapping(SHARED, 0), mapping(KERNEL_PAGE, 0),
                mapping(GUARD, 0));
        byte[] marked = MergeMarks.changed(image, true);
        assertEquals(List.of(MERGEABLE, HUGE_PAGES | MERGEABLE, 0L, 0L, 0L), advice(marked));
        assertEquals(7, space(marked).number(1, 0), "the rest is as it was");
        assertEquals("x", space(marked).text(20));
    }

    @Test
    void marksAreTakenOutWhereverTheyStand() throws IOException {
        byte[] image = image(mapping(HEAP, MERGEABLE | HUGE_PAGES), mapping(SHARED, MERGEABLE));
        assertEquals(List.of(HUGE_PAGES, 0L), advice(MergeMarks.changed(image, false)));
    }

    @Test
    void whatHasNothingToChangeStaysByteByByte() throws IOException {
        byte[] image = image(mapping(SHARED, HUGE_PAGES), mapping(KERNEL_PAGE, 0));
        assertArrayEquals(image, MergeMarks.changed(image, true));
        assertArrayEquals(image, MergeMarks.changed(image, false));
    }

    @Test
    void anyBytesGiveAnImageOrAnError() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] sound = image(mapping(HEAP, 0), mapping(FILE, 0));
        int understood = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                assertTrue(MergeMarks.changed(bytes, true).length > 12, "seed=" + seed);
                understood++;
            } catch (IOException refused) {
                assertTrue(refused.getMessage().length() > 5, "seed=" + seed);
            }
        }
        assertTrue(understood > 0, "seed=" + seed);
        assertThrows(IOException.class, () -> MergeMarks.changed(new byte[11], true));
        assertThrows(IOException.class, () -> MergeMarks.changed(new byte[40], true));
    }

    private static ProtobufWriter mapping(long status, long advice) {
        ProtobufWriter writer = new ProtobufWriter().number(1, 4_096).number(2, 8_192).number(7, status)
                .number(8, 1);
        return advice == 0 ? writer : writer.number(9, advice);
    }

    private static byte[] image(ProtobufWriter... mappings) {
        ProtobufWriter space = new ProtobufWriter().number(1, 7);
        for (ProtobufWriter mapping : mappings) {
            space.message(14, mapping);
        }
        byte[] bytes = space.fixed(19, 5, new byte[] {1, 2, 3, 4}).text(20, "x").toBytes();
        return ByteBuffer.allocate(12 + bytes.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1).putInt(2).putInt(bytes.length).put(bytes).array();
    }

    private static ProtobufMessage space(byte[] image) throws IOException {
        return ProtobufMessage.parse(java.util.Arrays.copyOfRange(image, 12, image.length));
    }

    private static List<Long> advice(byte[] image) throws IOException {
        List<Long> all = new ArrayList<>();
        for (ProtobufMessage mapping : space(image).messages(14)) {
            all.add(mapping.number(9, 0));
        }
        return all;
    }
}
