package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.holdfast.node.testing.MemoryBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What snapshots have in common is stored once, and every one of them opens as what it was.
@Order(1)
final class SharedPagesTest {
    private static final ApplicationKey SHOP = new ApplicationKey("acme", "shop");
    private static final int PAGE = 4_096;
    private static final int PAGES = 600;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(20_262);
    private final MemoryBlobs blobs = new MemoryBlobs();
    private HeldSnapshots here;
    private HeldSnapshots there;

    @BeforeEach
    void open() throws IOException {
        here = store("here");
        there = store("there");
    }

    @Test
    void onlyWhatChangedIsStoredAgainThoughItLiesElsewhere() throws IOException {
        byte[] before = randomBytes(PAGES * PAGE);
        byte[] after = shifted(before);
        System.arraycopy(randomBytes(20 * PAGE), 0, after, 100 * PAGE, 20 * PAGE);
        StoredImage first = here.put(key("s1"), image(before), Optional.empty());
        StoredImage second = here.put(key("s2"), image(after), known("s1", first));
        assertTrue(first.sizeBytes() > PAGES * PAGE, first.toString());
        assertTrue(second.sizeBytes() < 21 * PAGE + PAGES * 24, second.toString());
        assertEquals(List.of(first.blob().orElseThrow()), second.packs().subList(1, 2));
        assertEquals((PAGES + 1L) * PAGE, second.contentBytes());
        assertEquals((PAGES + 1L - 21) * PAGE, second.sharedBytes());
        assertOpens(here, "s2", second, after);
        assertOpens(there, "s2", second, after);
        assertOpens(there, "s1", first, before);
    }

    @Test
    void aNodeThatHasTheOlderOneFetchesTheDifferenceAlone() throws IOException {
        byte[] before = randomBytes(PAGES * PAGE);
        StoredImage first = here.put(key("s1"), image(before), Optional.empty());
        assertOpens(there, "s1", first, before);
        byte[] after = shifted(before);
        StoredImage second = here.put(key("s2"), image(after), known("s1", first));
        assertOpens(there, "s2", second, after);
        assertEquals(2, blobs.openedCount());
    }

    @Test
    void zerosAreNotStoredAndWhatIsTwiceThereIsStoredOnce() throws IOException {
        byte[] half = randomBytes(100 * PAGE);
        byte[] content = new byte[1_000 * PAGE + 5];
        System.arraycopy(half, 0, content, 300 * PAGE, half.length);
        System.arraycopy(half, 0, content, 500 * PAGE, half.length);
        StoredImage stored = here.put(key("s1"), image(content), Optional.empty());
        assertTrue(stored.sizeBytes() < 110 * PAGE, stored.toString());
        assertOpens(there, "s1", stored, content);
        byte[] zeros = new byte[50 * PAGE];
        assertOpens(there, "s2", here.put(key("s2"), image(zeros), Optional.empty()), zeros);
        assertOpens(there, "s3", here.put(key("s3"), image(new byte[0]), Optional.empty()), new byte[0]);
    }

    @Test
    void aPackOfWhichLittleIsOfUseIsLetGo() throws IOException {
        byte[] before = randomBytes(PAGES * PAGE);
        StoredImage first = here.put(key("s1"), image(before), Optional.empty());
        byte[] after = randomBytes(PAGES * PAGE);
        System.arraycopy(before, 0, after, 0, PAGES / 4 * PAGE);
        StoredImage second = here.put(key("s2"), image(after), known("s1", first));
        assertEquals(List.of(), second.shared());
        blobs.discard(first.blob().orElseThrow());
        assertOpens(there, "s2", second, after);
    }

    @Test
    void tenantsHaveNothingInCommonAndCopiesOfOneHaveAll() throws IOException {
        byte[] content = randomBytes(PAGES * PAGE);
        StoredImage first = here.put(key("s1"), image(content), Optional.empty());
        SnapshotKey alien = new SnapshotKey(new ApplicationKey("evil", "shop"), "s1");
        StoredImage other = here.put(alien, image(content), known("s1", first));
        assertEquals(List.of(), other.shared());
        SnapshotKey copy = new SnapshotKey(new ApplicationKey("acme", "copy"), "s1");
        StoredImage copied = here.put(copy, image(content), known("s1", first));
        assertTrue(copied.sizeBytes() < PAGES * 24, copied.toString());
        try (SnapshotStore.OpenSnapshot open = there.open(copy, copied)) {
            assertArrayEquals(content, Files.readAllBytes(open.folder().resolve("criu/pages-1.img")));
        }
        StoredBlob swapped = other.blob().orElseThrow();
        StoredImage forged = StoredImage.in(
                copied.blob().orElseThrow(), copied.manifest(), copied.contentBytes(), 1,
                List.of(swapped));
        HeldSnapshots third = store("third");
        assertThrows(SnapshotDamagedException.class, () -> third.open(copy, forged));
    }

    @Test
    void whatCannotBeComparedIsStoredWhole() throws IOException {
        byte[] content = randomBytes(10 * PAGE);
        StoredImage first = here.put(key("s1"), image(content), Optional.empty());
        blobs.damage(first.blob().orElseThrow());
        StoredImage second = there.put(key("s2"), image(content), known("s9", first));
        assertEquals(List.of(), second.shared());
        assertOpens(here, "s2", second, content);
    }

    @Test
    void aLongLineOfSnapshotsKeepsWithinItsBoundsAndEachOpens() throws IOException {
        byte[] content = randomBytes(PAGES * PAGE);
        Map<String, StoredImage> stored = new LinkedHashMap<>();
        Map<String, byte[]> contents = new LinkedHashMap<>();
        Optional<SnapshotStore.Known> like = Optional.empty();
        for (int i = 0; i < 30; i++) {
            int changed = random.nextInt(PAGES / 3);
            int at = random.nextInt(PAGES - changed);
            content = content.clone();
            System.arraycopy(randomBytes(changed * PAGE), 0, content, at * PAGE, changed * PAGE);
            StoredImage image = here.put(key("s" + i), image(content), like);
            assertTrue(image.shared().size() <= StoredImage.SHARED_MAX);
            stored.put("s" + i, image);
            contents.put("s" + i, content);
            like = known("s" + i, image);
            if (stored.size() > 4) {
                String oldest = stored.keySet().iterator().next();
                stored.remove(oldest);
                contents.remove(oldest);
            }
            sweep(stored);
            String any = List.copyOf(stored.keySet()).get(random.nextInt(stored.size()));
            assertOpens(i % 2 == 0 ? here : there, any, stored.get(any), contents.get(any));
        }
        assertTrue(blobs.count() < 4 + StoredImage.SHARED_MAX, "count=" + blobs.count());
    }

    /// Deletes the packs that nothing refers to, as the cluster does.
    private void sweep(Map<String, StoredImage> stored) {
        Set<StoredBlob> used = new HashSet<>();
        stored.values().forEach(image -> used.addAll(image.packs()));
        blobs.all().stream().filter(blob -> !used.contains(blob)).forEach(blobs::discard);
    }

    private void assertOpens(HeldSnapshots store, String name, StoredImage stored, byte[] content)
            throws IOException {
        try (SnapshotStore.OpenSnapshot open = store.open(key(name), stored)) {
            assertArrayEquals(content, Files.readAllBytes(open.folder().resolve("criu/pages-1.img")), name);
        }
        store.delete(key(name));
    }

    private HeldSnapshots store(String name) throws IOException {
        return HeldSnapshots.open(
                new HeldSnapshots.Folders(
                        folder.resolve(name + "/sealed"), 64 << 20, folder.resolve(name + "/open"), 16 << 20),
                new TenantKeys(() -> new byte[32]),
                blobs,
                InstantSource.system());
    }

    private CheckpointImage image(byte[] content) throws IOException {
        Path made = Files.createDirectories(here.newFolder());
        Files.createDirectories(made.resolve("criu"));
        Files.write(made.resolve("criu/pages-1.img"), content);
        return new CheckpointImage(
                made,
                "a".repeat(64),
                new CompatibilityClass("k", "p", "t", "r"),
                Instant.EPOCH,
                List.of(new ImageFile("criu/pages-1.img", content.length, "x")),
                new CheckpointStatistics(1, 1, content.length, 1));
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /// The same with one page more before the fortieth, as when a process has got one.
    private byte[] shifted(byte[] bytes) {
        List<byte[]> pages = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PAGE) {
            pages.add(Arrays.copyOfRange(bytes, at, at + PAGE));
        }
        pages.add(40, randomBytes(PAGE));
        byte[] longer = new byte[bytes.length + PAGE];
        for (int i = 0; i < pages.size(); i++) {
            System.arraycopy(pages.get(i), 0, longer, i * PAGE, PAGE);
        }
        return longer;
    }

    private static Optional<SnapshotStore.Known> known(String name, StoredImage stored) {
        return Optional.of(new SnapshotStore.Known(key(name), stored));
    }

    private static SnapshotKey key(String name) {
        return new SnapshotKey(SHOP, name);
    }
}
