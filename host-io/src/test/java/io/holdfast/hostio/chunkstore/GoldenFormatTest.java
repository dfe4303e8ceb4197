package io.holdfast.hostio.chunkstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.FileDisk;
import io.holdfast.hostio.id.ChunkId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of format version 1 as they were written once: they are read for ever, and writing the same
/// gives the same bytes. The golden files are in the test resources, compressed.
final class GoldenFormatTest {
    private static final StoreGeometry GEOMETRY = new StoreGeometry(24 << 10, 4, 3);
    private static final FragmentId OPEN = FragmentId.of(new ChunkId(0x0123456789abcdefL, 5), 2);
    private static final FragmentId SEALED = FragmentId.of(new ChunkId(1, 6), 0);
    private static final List<String> FILES = List.of("segment-00000000", "superblock", "tokens");

    @TempDir
    private Path folder;

    private static StoreOptions options() {
        return new StoreOptions(GEOMETRY, 8, 1 << 20, new SplittableRandom(1));
    }

    private static DiskFragmentStore open(Disk disk) {
        return DiskFragmentStore.open(disk, options(), new FencingTokens());
    }

    private static void write(Disk disk) {
        DiskFragmentStore store = open(disk);
        List<CompletableFuture<Void>> changes = List.of(
                store.create(OPEN, StripFixture.PROFILE, 7),
                store.append(OPEN, 7, List.of(
                        StripFixture.strip(OPEN, 0, 7, 1, 10), StripFixture.strip(OPEN, 1, 7, 0, 11))),
                store.create(SEALED, StripFixture.PROFILE, 8),
                store.append(SEALED, 8, List.of(StripFixture.strip(SEALED, 3, 8, 2, 12))));
        StripFixture.commit(store);
        changes.forEach(CompletableFuture::join);
        CompletableFuture<Void> sealed = store.seal(SEALED, 9, 4);
        StripFixture.commit(store);
        sealed.join();
        store.close();
    }

    private static byte[] golden(String file) throws IOException {
        String name = "/io/holdfast/hostio/chunkstore/format-1/" + file + ".gz";
        try (InputStream compressed = GoldenFormatTest.class.getResourceAsStream(name)) {
            assertNotNull(compressed, name);
            return new GZIPInputStream(compressed).readAllBytes();
        }
    }

    @Test
    void theSameChangesGiveTheSameBytes() throws IOException {
        write(FileDisk.open(folder));
        for (String file : FILES) {
            assertArrayEquals(golden(file), Files.readAllBytes(folder.resolve(file)), file);
        }
    }

    @Test
    void filesOfVersionOneAreRead() throws IOException {
        for (String file : FILES) {
            Files.write(folder.resolve(file), golden(file));
        }
        DiskFragmentStore store = open(FileDisk.open(folder));
        DiskStatus status = store.disks().getFirst();
        assertTrue(status.damages().isEmpty() && status.torn().isEmpty(), status::toString);
        assertEquals(List.of(SEALED, OPEN), store.fragments());
        assertEquals(FragmentState.SEALED, store.status(SEALED).orElseThrow().state());
        assertEquals(7, store.newestToken(OPEN.stream()));
        assertEquals(9, store.newestToken(SEALED.stream()));
        ByteBuffer payload = ByteBuffer.allocate(StripHeader.PAYLOAD_BYTES_MAX);
        Strip strip = StripFixture.strip(SEALED, 3, 8, 2, 12);
        assertEquals(strip.header(), store.read(SEALED, 3, payload));
        assertEquals(strip.payload(), payload.flip());
        assertEquals(StripKind.NOTE, store.header(OPEN, 1).orElseThrow().kind());
        store.close();
    }

    @Test
    void aNewerVersionIsRefusedByName() {
        Disk disk = FileDisk.open(folder);
        write(disk);
        try (DiskFile superblock = disk.open(StoreHeader.FILE)) {
            superblock.write(4, ByteBuffer.wrap(new byte[] {2, 0}));
        }
        CorruptDataException refused = assertThrows(CorruptDataException.class, () -> open(disk));
        assertTrue(String.valueOf(refused.getMessage()).contains("actual=newer 2"), refused::getMessage);
    }
}
