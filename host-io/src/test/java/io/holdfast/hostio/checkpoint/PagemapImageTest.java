package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PagemapImageTest {
    private static final long PAGE = PagemapImage.PAGE_BYTES;
    private static final long HEAP = 0x7f0000000000L;
    private static final int PRESENT = 4;
    private static final int LATER = 2;

    @Test
    void pagesOfTheSetComeFirstAndTheOthersLater() throws IOException {
        byte[] image = image(entry(HEAP, 10, PRESENT | LATER));
        assertEquals(
                List.of("0+2 later", "2+2", "4+3 later", "7+1", "8+2 later"),
                entries(PagemapImage.changed(image, new long[] {
                    HEAP - PAGE, HEAP + 2 * PAGE, HEAP + 3 * PAGE, HEAP + 7 * PAGE, HEAP + 10 * PAGE
                })));
        assertEquals(
                List.of("0+1", "1+8 later", "9+1"),
                entries(PagemapImage.changed(image, new long[] {HEAP, HEAP + 9 * PAGE})));
    }

    @Test
    void whatHasToComeFirstAnywayAndWhatNobodyTouchesStaysAsItIs() throws IOException {
        byte[] image = image(entry(HEAP, 10, PRESENT), entry(HEAP + 20 * PAGE, 5, PRESENT | LATER));
        assertArrayEquals(image, PagemapImage.changed(image, new long[] {HEAP, HEAP + 3 * PAGE}));
    }

    @Test
    void everyPageIsInExactlyOneEntryInOrder() throws IOException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<byte[]> parts = new ArrayList<>();
            long at = HEAP;
            for (int i = 0; i < 5; i++) {
                int count = 1 + random.nextInt(20);
                parts.add(entry(at, count, PRESENT | (random.nextBoolean() ? LATER : 0)));
                at += (count + random.nextInt(3)) * PAGE;
            }
            TreeSet<Long> needed = new TreeSet<>();
            for (int i = 0; i < 30; i++) {
                needed.add(HEAP + random.nextInt(120) * PAGE);
            }
            byte[] image = image(parts.toArray(byte[][]::new));
            long[] set = needed.stream().mapToLong(Long::longValue).toArray();
            byte[] changed = PagemapImage.changed(image, set);
            assertEquals(pages(image, needed), pages(changed, needed), "seed=" + seed);
        }
    }

    @Test
    void anyBytesGiveAnImageOrAnError() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] sound = image(entry(HEAP, 10, PRESENT | LATER), entry(HEAP + 20 * PAGE, 5, PRESENT | LATER));
        int understood = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                byte[] changed = PagemapImage.changed(bytes, new long[] {HEAP + PAGE});
                assertTrue(changed.length < 1_000, "seed=" + seed);
                understood++;
            } catch (IOException refused) {
                assertTrue(refused.getMessage().length() > 10, "seed=" + seed);
            }
        }
        assertTrue(understood > 0 && understood < 5_000, "seed=" + seed + " understood=" + understood);
        assertThrows(IOException.class, () -> PagemapImage.changed(new byte[3], new long[0]));
    }

    @Test
    void touchedPagesAreReadFromWhatTheDaemonSays() {
        Map<Integer, List<Long>> found = new java.util.HashMap<>();
        MemoryFill.read("(00.017342) uffd: 1-12: #PF at 0x7f3a5c0010f8", found);
        MemoryFill.read("(00.017399) uffd: 1-12: #PF at 0x7f3a5c0020f8", found);
        MemoryFill.read("(00.017400) uffd: 17-9: #PF at 0x1000", found);
        MemoryFill.read("(00.017400) uffd: 17-9: uffd_copy: 0x1000/4096", found);
        MemoryFill.read("(00.017400) uffd: 17-9: #PF at 0x1234567890abcdef1234", found);
        assertEquals(
                Map.of(1, List.of(0x7f3a5c001000L, 0x7f3a5c002000L), 17, List.of(0x1000L)), found);
        WorkingSet set = WorkingSet.of(Map.of(1, new long[] {0x3000, 0x1000, 0x3000}))
                .with(WorkingSet.of(Map.of(1, new long[] {0x2000}, 2, new long[] {0x1000})));
        assertArrayEquals(new long[] {0x1000, 0x2000, 0x3000}, set.of(1));
        assertEquals(4, set.size());
    }

    private static byte[] image(byte[]... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x19, 0x43, 0x56, 0x54, 0x25, 0x40, 0x08, 0x56});
        put(out, new ProtobufWriter().number(1, 1).toBytes());
        for (byte[] entry : entries) {
            put(out, entry);
        }
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, byte[] message) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(message.length).array());
        out.writeBytes(message);
    }

    private static byte[] entry(long address, int count, int flags) {
        return new ProtobufWriter().number(1, address).number(2, count).number(4, flags).number(5, count)
                .toBytes();
    }

    /// Those behind the head, as `first+count` in pages from the heap's start.
    private static List<String> entries(byte[] image) throws IOException {
        List<String> entries = new ArrayList<>();
        for (ProtobufMessage entry : messages(image)) {
            assertEquals(entry.number(2, -1), entry.number(5, -2));
            entries.add((entry.number(1, 0) - HEAP) / PAGE + "+" + entry.number(5, 0)
                    + ((entry.number(4, 0) & LATER) == 0 ? "" : " later"));
        }
        return entries;
    }

    /// Every page in its order, and whether it comes later though it is not needed.
    private static List<String> pages(byte[] image, Set<Long> needed) throws IOException {
        List<String> pages = new ArrayList<>();
        for (ProtobufMessage entry : messages(image)) {
            for (long page = 0; page < entry.number(5, 0); page++) {
                long address = entry.number(1, 0) + page * PAGE;
                boolean isLater = (entry.number(4, 0) & LATER) != 0 && !needed.contains(address);
                pages.add(Long.toHexString(address) + (isLater ? " later" : ""));
            }
        }
        return pages;
    }

    private static List<ProtobufMessage> messages(byte[] image) throws IOException {
        List<ProtobufMessage> messages = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).position(8);
        while (bytes.hasRemaining()) {
            byte[] message = new byte[bytes.getInt()];
            bytes.get(message);
            messages.add(ProtobufMessage.parse(message));
        }
        return messages.subList(1, messages.size());
    }
}
