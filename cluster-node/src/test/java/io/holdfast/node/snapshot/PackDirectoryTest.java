package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PackDirectoryTest {
    private static final int PAGE = 4_096;

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        byte[] bytes = bytesOf(sample("criu/pages-1.img"));
        PackDirectory back = PackDirectory.read(new ByteArrayInputStream(bytes), PackForm.COMPRESSED);
        assertEquals(sample("criu/pages-1.img").files(), back.files());
        assertEquals(sample("criu/pages-1.img").packs(), back.packs());
        assertEquals(PageTable.ZEROS, back.pages().place(3));
        assertEquals(PageTable.placeOf(1, 7L << 20), back.pages().place(4));
        assertArrayEquals(bytes, bytesOf(back));
    }

    @Test
    void aPathThatLeadsOutOfTheFolderIsRefused() throws IOException {
        for (String path : List.of("../x", "/etc/x", "a/../../x", "a//b", ".", "", "a/\0", "x".repeat(256))) {
            byte[] bytes = bytesOf(sample(path));
            assertThrows(SnapshotDamagedException.class,
                    () -> PackDirectory.read(new ByteArrayInputStream(bytes), PackForm.COMPRESSED), path);
        }
    }

    @Test
    void anyBytesGiveADirectoryOrAreDamaged() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = bytesOf(sample("criu/pages-1.img"));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                PackDirectory back =
                        PackDirectory.read(new ByteArrayInputStream(bytes), PackForm.COMPRESSED);
                assertTrue(back.pages().count() <= PageTable.PAGES_MAX);
            } catch (SnapshotDamagedException expected) {
                refused++;
            }
        }
        assertTrue(refused > 5_000, "seed=" + seed + " refused=" + refused);
    }

    @Test
    void pagesAreAsSmallAsTheirNumberAllows() {
        assertEquals(PAGE, PackDirectory.pageBytesFor(List.of(new PackDirectory.Entry("a", 4L << 30))));
        assertEquals(2 * PAGE, PackDirectory.pageBytesFor(List.of(new PackDirectory.Entry("a", 5L << 30))));
        assertEquals(64 * PAGE,
                PackDirectory.pageBytesFor(List.of(new PackDirectory.Entry("a", 256L << 30))));
    }

    private static PackDirectory sample(String path) {
        PageTable pages = new PageTable(7);
        pages.add(1, 2, PageTable.placeOf(0, 0));
        pages.add(3, 4, PageTable.placeOf(0, PAGE));
        pages.add(5, 6, PageTable.placeOf(0, 9 * PAGE));
        pages.add(0, 0, PageTable.ZEROS);
        pages.add(7, 8, PageTable.placeOf(1, 7L << 20));
        pages.add(9, 10, PageTable.placeOf(1, (7L << 20) + PAGE));
        pages.add(11, 12, PageTable.placeOf(0, 77));
        return new PackDirectory(
                PAGE,
                List.of(pack("ab".repeat(32), 10 * PAGE),
                        pack("cd".repeat(32), 8 << 20)),
                List.of(new PackDirectory.Entry(path, 6 * PAGE - 1), new PackDirectory.Entry("b", 5)),
                pages);
    }

    private static PackDirectory.Pack pack(String salt, int plainBytes) {
        FrameTable.Builder frames = new FrameTable.Builder();
        for (int at = 0; at < plainBytes; at += FrameTable.FRAME_BYTES) {
            frames.add(Math.min(FrameTable.FRAME_BYTES, plainBytes - at) - at % 3);
        }
        return new PackDirectory.Pack(salt, plainBytes, frames.build());
    }

    private static byte[] bytesOf(PackDirectory directory) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        directory.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
