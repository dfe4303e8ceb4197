package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.CheckpointStatistics;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.node.blob.BlobUnavailableException;
import io.holdfast.node.testing.MemoryBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldSnapshotsTest {
    private static final SnapshotKey KEY = new SnapshotKey(new ApplicationKey("acme", "shop"), "s1");
    private static final int CACHE_BYTES = 8 << 20;
    private static final Optional<SnapshotStore.Known> NOTHING = Optional.empty();
    private static final String SECRET = "the password is swordfish";

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(20_261);
    private final MemoryBlobs blobs = new MemoryBlobs();
    private byte[] storageKey = new byte[32];
    private HeldSnapshots here;
    private HeldSnapshots there;

    @BeforeEach
    void open() throws IOException {
        here = store("here");
        there = store("there");
    }

    @Test
    void whatWasPutIsOpenedHereAndOnAnyOtherNode() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 3_000_000), NOTHING);
        assertEquals(List.of(), stored.holders());
        assertEquals(stored.sizeBytes(), stored.blob().orElseThrow().lengthBytes());
        for (HeldSnapshots store : List.of(here, there)) {
            try (SnapshotStore.OpenSnapshot open = store.open(KEY, stored)) {
                assertEquals(SECRET, Files.readString(open.folder().resolve("secret")));
                assertEquals(3_000_000, Files.size(open.folder().resolve("deep/pages-1.img")));
                assertFalse(Files.exists(open.folder().resolve("stray")), "what the manifest does not name");
            }
        }
    }

    @Test
    void aLargeFileComesOutWholeHoweverManyTakePartInIt() throws IOException {
        int bytes = (9 << 20) + 77;
        CheckpointImage image = image(here, bytes);
        Path pages = image.folder().resolve("deep/pages-1.img");
        try (FileChannel file = FileChannel.open(pages, StandardOpenOption.WRITE)) {
            // Zeros across the middle, and to the end.
            file.write(ByteBuffer.allocate(2 << 20), 4 << 20);
            file.write(ByteBuffer.allocate(70_077), bytes - 70_077);
        }
        byte[] expected = Files.readAllBytes(pages);
        StoredImage stored = here.put(KEY, image, NOTHING);
        try (SnapshotStore.OpenSnapshot open = there.open(KEY, stored)) {
            assertArrayEquals(expected, Files.readAllBytes(open.folder().resolve("deep/pages-1.img")));
        }
        byte[] pack = Files.readAllBytes(onlyPack());
        for (int at : List.of(1 << 20, pack.length - (1 << 20))) {
            Path damaged = Files.write(folder.resolve("damaged-" + at), flipped(pack, at, 1));
            Path target = Files.createDirectories(folder.resolve("target-" + at));
            assertThrows(SnapshotDamagedException.class, () -> unpack(KEY, damaged, target));
        }
    }

    @Test
    void whatCanBeCompressedIsStoredShorter() throws IOException {
        CheckpointImage image = image(here, (2 << 20) + 77);
        Path pages = image.folder().resolve("deep/pages-1.img");
        byte[] content = Files.readAllBytes(pages);
        for (int at = 0; at < content.length; at++) {
            // All but the first megabyte holds two random bits in each byte, no page twice.
            content[at] = (byte) (at < 1 << 20 ? content[at] : content[at] & 3);
        }
        Files.write(pages, content);
        StoredImage stored = here.put(KEY, image, NOTHING);
        assertTrue(stored.sizeBytes() < (1 << 20) + (1 << 19), stored.toString());
        assertTrue(stored.sizeBytes() > (1 << 20) + (1 << 18), stored.toString());
        try (SnapshotStore.OpenSnapshot open = there.open(KEY, stored)) {
            assertArrayEquals(content, Files.readAllBytes(open.folder().resolve("deep/pages-1.img")));
        }
    }

    @Test
    void aPackOfTheFormerFormIsStillRead() throws IOException {
        Path former = folder.resolve("former.pack");
        try (InputStream pack = HeldSnapshotsTest.class.getResourceAsStream("/packs/of-form-2.pack")) {
            Files.copy(Objects.requireNonNull(pack), former);
        }
        Path target = Files.createDirectories(folder.resolve("target"));
        unpack(KEY, former, target);
        byte[] content = new byte[30_000];
        for (int at = 0; at < content.length; at++) {
            content[at] = (byte) (at / 4_096 % 5 == 3 ? 0 : at / 4_096 % 7 + at % 11);
        }
        assertArrayEquals(content, Files.readAllBytes(target.resolve("deep/pages-1.img")));
        assertEquals(SECRET, Files.readString(target.resolve("secret")));
    }

    @Test
    void whatANodeSealedOrFetchedLatelyIsNotFetchedAgain() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 300_000), NOTHING);
        here.close();
        there.open(KEY, stored).close();
        there.close();
        assertEquals(1, blobs.openedCount());
        blobs.setDown(true);
        for (String node : List.of("here", "there")) {
            try (HeldSnapshots restarted = store(node);
                    SnapshotStore.OpenSnapshot open = restarted.open(KEY, stored)) {
                assertEquals(SECRET, Files.readString(open.folder().resolve("secret")), node);
            }
        }
    }

    @Test
    void packsOnTheHostKeepWithinTheirBound() throws IOException {
        for (int i = 0; i < 8; i++) {
            SnapshotKey key = new SnapshotKey(KEY.application(), "s" + i);
            StoredImage _ = here.put(key, image(here, CACHE_BYTES / 3), NOTHING);
        }
        assertTrue(here.cachedBytes() <= CACHE_BYTES, "bytes=" + here.cachedBytes());
        assertTrue(here.cachedBytes() > CACHE_BYTES / 3, "bytes=" + here.cachedBytes());
        assertEquals(8, blobs.count());
    }

    @Test
    void whatCannotBeStoredIsNotHeldAndLeavesNothing() throws IOException {
        CheckpointImage image = image(here, 1_000);
        blobs.setDown(true);
        assertThrows(BlobUnavailableException.class, () -> here.put(KEY, image, NOTHING));
        assertEquals(0, here.cachedBytes());
        try (Stream<Path> files = Files.list(folder.resolve("here/sealed"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void whatTheCatalogDidNotEnterIsGivenBack() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 1_000), NOTHING);
        here.discard(KEY, stored);
        assertEquals(0, blobs.count());
        assertEquals(0, here.cachedBytes());
        assertThrows(IOException.class, () -> here.open(KEY, stored));
    }

    @Test
    void aDamagedBlobIsASnapshotToBeCondemned() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 10_000), NOTHING);
        blobs.damage(stored.blob().orElseThrow());
        assertThrows(SnapshotDamagedException.class, () -> there.open(KEY, stored));
        assertEquals(0, there.cachedBytes());
    }

    @Test
    void nothingInTheClearIsAtRest() throws IOException {
        StoredImage _ = here.put(KEY, image(here, 10_000), NOTHING);
        here.close();
        try (Stream<Path> files = Files.walk(folder.resolve("here"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(
                        Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("swordfish"), "in the clear: " + file);
            }
        }
    }

    @Test
    void everyChangeOfAPackIsNoticedAndTheBlobTakenInstead() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 4_000), NOTHING);
        Path pack = onlyPack();
        byte[] bytes = Files.readAllBytes(pack);
        assertArrayEquals(bytes, blobs.resting(stored.blob().orElseThrow()));
        for (int i = 0; i < 300; i++) {
            byte[] forged = switch (i % 3) {
                case 0 -> flipped(bytes, random.nextInt(bytes.length), 1 << random.nextInt(8));
                case 1 -> java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
                default -> java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            };
            Path file = Files.write(folder.resolve("forged"), forged);
            Path target = Files.createTempDirectory(folder, "unpacked");
            assertThrows(SnapshotDamagedException.class, () -> unpack(KEY, file, target), "i=" + i);
            if (i % 30 == 0) {
                Files.write(pack, forged);
                long before = blobs.openedCount();
                try (HeldSnapshots fresh = store("here");
                        SnapshotStore.OpenSnapshot open = fresh.open(KEY, stored)) {
                    assertEquals(SECRET, Files.readString(open.folder().resolve("secret")));
                }
                assertEquals(before + 1, blobs.openedCount());
                assertArrayEquals(bytes, Files.readAllBytes(pack), "and is kept anew");
            }
        }
    }

    @Test
    void aPackOfAnotherTenantSnapshotOrClusterDoesNotOpen() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 100), NOTHING);
        Path target = Files.createTempDirectory(folder, "unpacked");
        for (SnapshotKey other : List.of(
                new SnapshotKey(KEY.application(), "s2"),
                new SnapshotKey(new ApplicationKey("evil", "shop"), "s1"))) {
            assertThrows(SnapshotDamagedException.class, () -> unpack(other, onlyPack(), target));
        }
        storageKey = flipped(storageKey, 0, 1);
        HeldSnapshots stranger = store("here");
        assertThrows(SnapshotDamagedException.class, () -> stranger.open(KEY, stored));
    }

    @Test
    void whatTheCatalogDoesNotKnowIsSweptAfterAWhile() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 100), NOTHING);
        Set<StoredBlob> known = Set.copyOf(stored.packs());
        assertEquals(0, here.sweep(Set.of(), Instant.now().minusSeconds(60)), "too young");
        assertEquals(0, here.sweep(known, Instant.now().plusSeconds(60)), "known");
        assertEquals(1, here.sweep(Set.of(), Instant.now().plusSeconds(60)));
    }

    @Test
    void onePackIsOpenedOnceHoweverManyUseItAndGoesWhenTheBoundIsReached() throws IOException {
        StoredImage stored = here.put(KEY, image(here, 100), NOTHING);
        SnapshotStore.OpenSnapshot first = here.open(KEY, stored);
        SnapshotStore.OpenSnapshot second = here.open(KEY, stored);
        assertEquals(first.folder(), second.folder());
        SnapshotKey large = new SnapshotKey(KEY.application(), "s2");
        StoredImage _ = here.put(large, image(here, 2 << 20), NOTHING);
        assertTrue(Files.exists(first.folder()), "in use");
        first.close();
        second.close();
        SnapshotKey next = new SnapshotKey(KEY.application(), "s3");
        StoredImage _ = here.put(next, image(here, 2 << 20), NOTHING);
        assertFalse(Files.exists(first.folder()), "used longest ago");
    }

    private void unpack(SnapshotKey key, Path file, Path target) throws IOException {
        try (FileChannel pack = FileChannel.open(file)) {
            PackDirectory directory = SnapshotPack.directory(pack, key, keys());
            SnapshotPack.unpack(
                    directory, List.of(PackSource.in(pack)), key.application().tenant(), keys(), target);
        }
    }

    private HeldSnapshots store(String name) throws IOException {
        return HeldSnapshots.open(
                new HeldSnapshots.Folders(
                        folder.resolve(name + "/sealed"), CACHE_BYTES, folder.resolve(name + "/open"),
                        1 << 20),
                keys(),
                blobs,
                InstantSource.system());
    }

    private TenantKeys keys() {
        return new TenantKeys(() -> storageKey);
    }

    private Path onlyPack() throws IOException {
        try (Stream<Path> packs = Files.list(folder.resolve("here/sealed"))) {
            return packs.findFirst().orElseThrow();
        }
    }

    private static byte[] flipped(byte[] bytes, int at, int bits) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) bits;
        assertFalse(java.util.Arrays.equals(bytes, changed));
        assertArrayEquals(bytes, bytes.clone());
        return changed;
    }

    private CheckpointImage image(HeldSnapshots store, int pageBytes) throws IOException {
        Path made = Files.createDirectories(store.newFolder());
        Files.createDirectories(made.resolve("deep"));
        Files.writeString(made.resolve("secret"), SECRET);
        Files.writeString(made.resolve("stray"), "not part of it");
        byte[] pages = new byte[pageBytes];
        random.nextBytes(pages);
        Files.write(made.resolve("deep/pages-1.img"), pages);
        return new CheckpointImage(
                made,
                "a".repeat(64),
                new CompatibilityClass("k", "p", "t", "r"),
                Instant.EPOCH,
                List.of(
                        new ImageFile("deep/pages-1.img", pageBytes, "x"),
                        new ImageFile("secret", SECRET.length(), "y")),
                new CheckpointStatistics(1, 1, pageBytes, 1));
    }
}
