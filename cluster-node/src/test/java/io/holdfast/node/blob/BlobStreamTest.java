package io.holdfast.node.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.id.LayerDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlobStreamTest {
    private static final int LENGTH = 9 * BlobStream.PIECE_BYTES + 77;

    private final byte[] content = new byte[LENGTH];
    private final ArrayDeque<Runnable> asked = new ArrayDeque<>();
    private final StoredBlob blob;

    BlobStreamTest() throws NoSuchAlgorithmException {
        new Random(5).nextBytes(content);
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        blob = new StoredBlob(new StreamId(1), 0, LENGTH, new LayerDigest("sha256:" + digest));
    }

    private BlobStream stream(BlobStream.Source source) {
        return stream(source, true);
    }

    private BlobStream stream(BlobStream.Source source, boolean isVerified) {
        return new BlobStream(blob, source, task -> {
            asked.add(task);
            task.run();
        }, isVerified);
    }

    private BlobStream stream() {
        return stream((position, target) -> target.put(content, (int) position, target.remaining()));
    }

    @Test
    void allIsReadInOrderWhateverThePartsAre() throws IOException {
        try (BlobStream stream = stream()) {
            assertArrayEquals(content, stream.readAllBytes());
            assertEquals(-1, stream.read());
        }
        try (BlobStream stream = stream()) {
            byte[] found = new byte[LENGTH];
            int at = 0;
            Random random = new Random(6);
            while (at < LENGTH) {
                at += stream.read(found, at, Math.min(LENGTH - at, 1 + random.nextInt(300_000)));
            }
            assertArrayEquals(content, found);
            assertEquals(-1, stream.read(found, 0, 1));
        }
        try (BlobStream stream = stream()) {
            ByteArrayOutputStream found = new ByteArrayOutputStream();
            found.write(stream.read());
            assertEquals(LENGTH - 1, stream.transferTo(found));
            assertArrayEquals(content, found.toByteArray());
            assertEquals(0, stream.transferTo(found));
        }
    }

    @Test
    void aReaderThatDoesNotGoOnFetchesABoundedPart() throws IOException {
        try (BlobStream stream = stream()) {
            assertEquals(Byte.toUnsignedInt(content[0]), stream.read());
            assertEquals(BlobStream.PIECES_MAX, asked.size());
            stream.skipNBytes(BlobStream.PIECE_BYTES);
            assertEquals(BlobStream.PIECES_MAX + 1, asked.size());
        }
        assertEquals(BlobStream.PIECES_MAX + 1, asked.size());
    }

    @Test
    void nothingOfTheLastPieceIsHandedOutIfTheWholeIsAnother() throws IOException {
        content[17] ^= (byte) 1;
        try (BlobStream stream = stream()) {
            stream.skipNBytes(9L * BlobStream.PIECE_BYTES);
            assertThrows(BlobDamagedException.class, stream::read);
            assertThrows(IOException.class, stream::read);
        }
    }

    @Test
    void whatAPieceFailsWithReachesTheReader() throws IOException {
        try (BlobStream stream = stream((position, target) -> {
            if (position >= 2L * BlobStream.PIECE_BYTES) {
                throw new BlobUnavailableException("gone", new IllegalStateException("gone"));
            }
            target.put(content, (int) position, target.remaining());
        })) {
            stream.skipNBytes(2L * BlobStream.PIECE_BYTES);
            assertThrows(BlobUnavailableException.class, stream::read);
        }
    }
}
