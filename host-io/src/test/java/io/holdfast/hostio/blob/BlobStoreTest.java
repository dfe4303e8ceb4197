package io.holdfast.hostio.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.NoSpaceException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void addressesOfDeletedBlobsAreGivenOutOnceTheOthersAreUsedUp() throws IOException {
        BlobId first = put(content(6, 6 << 20));
        BlobId second = put(content(7, 6 << 20));
        assertThrows(NoSpaceException.class, () -> put(content(8, 5 << 20)));
        blobs.delete(first);

        byte[] third = content(9, 5 << 20);
        BlobId id = put(third);
        assertEquals(first.offset(), id.offset());
        assertArrayEquals(third, all(id));
        assertArrayEquals(content(7, 6 << 20), all(second));
        assertThrows(NoSpaceException.class, () -> put(content(10, 5 << 20)));
    }

    @Test
    void whatNothingRefersToIsFoundAndWhatIsBeingPutIsNot() throws IOException {
        BlobId kept = put(content(11, 10_000));
        BlobId lost = put(content(12, 5_000));
        BlobId next = put(content(13, 1));
        List<BlobRange> referenced = List.of(rangeOf(kept), rangeOf(next));
        assertEquals(List.of(rangeOf(lost)), blobs.unreferenced(referenced));

        List<List<BlobRange>> meanwhile = new ArrayList<>();
        InputStream looking = new FilterInputStream(new ByteArrayInputStream(content(14, 3 << 20))) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                meanwhile.add(blobs.unreferenced(referenced));
                return super.read(bytes, offset, length);
            }
        };
        BlobId put = blobs.put(looking, 4 << 20);
        meanwhile.forEach(found -> assertEquals(List.of(rangeOf(lost)), found));

        blobs.delete(rangeOf(lost));
        assertEquals(List.of(rangeOf(put)), blobs.unreferenced(referenced));
    }

    private static BlobRange rangeOf(BlobId id) {
        return BlobRange.of(id.offset(), id.lengthBytes());
    }
}
