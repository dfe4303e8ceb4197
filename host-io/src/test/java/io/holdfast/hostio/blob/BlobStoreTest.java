package io.holdfast.hostio.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlobStoreTest {
    private static final int DEVICE_BYTES = 16 << 20;

    private final MemoryBlockDevice device = new MemoryBlockDevice(DEVICE_BYTES);
    private final BlobStore blobs = BlobStore.open(device);

    private static byte[] content(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private BlobId put(byte[] content) throws IOException {
        return blobs.put(new ByteArrayInputStream(content), content.length);
    }

    private byte[] all(BlobId id) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        blobs.get(id).copyTo(sink);
        return sink.toByteArray();
    }

    @Test
    void whatIsPutIsReadWholeAndInParts() throws IOException {
        byte[] content = content(1, 3_000_001);
        BlobId id = put(content);
        BlobId empty = put(new byte[0]);

        assertArrayEquals(content, all(id));
        assertArrayEquals(new byte[0], all(empty));
        ByteBuffer part = ByteBuffer.allocate(10_000);
        blobs.get(id).read(1_234_567, part);
        assertEquals(ByteBuffer.wrap(content, 1_234_567, 10_000), part.flip());
        assertThrows(
                IndexOutOfBoundsException.class, () -> blobs.get(id).read(content.length - 1L, part.clear()));
    }

    @Test
    void blobsLieSideBySideAndOutliveTheStore() throws IOException {
        byte[] first = content(2, 5_000);
        byte[] second = content(3, 9_000);
        BlobId one = put(first);
        BlobId two = put(second);
        assertEquals(one.offset() + 8192, two.offset());

        BlobStore reopened = BlobStore.open(device);
        BlobId three = reopened.put(new ByteArrayInputStream(first), 1 << 20);

        assertEquals(two.offset() + 12_288, three.offset());
        assertEquals(one.digest(), three.digest());
        assertEquals(one, BlobId.parse(one.toString()));
        assertArrayEquals(second, all(two));
    }

    @Test
    void damageIsNoticed() throws IOException {
        BlobId id = put(content(4, 20_000));
        device.write(id.offset() + 5_000, ByteBuffer.wrap(new byte[] {1, 2, 3}), Durability.VISIBLE);

        assertThrows(CorruptDataException.class, () -> all(id));
    }

    @Test
    void longerContentThanAnnouncedLeavesNothing() throws IOException {
        assertThrows(
                IOException.class, () -> blobs.put(new ByteArrayInputStream(new byte[2 << 20]), 1 << 20));
        BlobId id = put(content(5, 4096));
        blobs.delete(id);
        blobs.delete(id);

        ByteBuffer found = ByteBuffer.allocate(4096);
        device.read(id.offset(), found);
        assertEquals(ByteBuffer.allocate(4096), found.flip());
    }
}
