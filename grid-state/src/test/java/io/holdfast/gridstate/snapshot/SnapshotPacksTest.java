package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.TENANTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SnapshotPacksTest {
    private static final ApplicationKey SHOP = new ApplicationKey("acme", "shop");
    private static final ApplicationKey COPY = new ApplicationKey("acme", "copy");
    private static final ApplicationKey ALIEN = new ApplicationKey("evil", "shop");
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;
    private static final StoredBlob FIRST = pack(1, 1_000);
    private static final StoredBlob SECOND = pack(2, 200);

    private final GridHarness grid = GridHarness.founded();

    @Test
    void aPackIsChargedOnceAndAsLongAsAnySnapshotUsesIt() {
        ready(SHOP, "s1", image(FIRST));
        ready(SHOP, "s2", image(SECOND, FIRST));
        assertEquals(1_200, used("acme"));
        delete(SHOP, "s1");
        assertEquals(1_200, used("acme"));
        delete(SHOP, "s2");
        assertEquals(0, used("acme"));
    }

    @Test
    void whatNothingUsesAnyMoreIsNeverUsedAgain() {
        ready(SHOP, "s1", image(FIRST));
        delete(SHOP, "s1");
        assertEquals(RefusalCode.NOT_FOUND, refused(SHOP, "s2", image(SECOND, FIRST)));
        assertEquals(0, used("acme"));
        grid.accept(complete(SHOP, "s2", image(SECOND)));
    }

    @Test
    void aCondemnedSnapshotUsesNothing() {
        ready(SHOP, "s1", image(FIRST));
        grid.accept(new SnapshotCommand.Condemn(key(SHOP, "s1"), "broken", ANY));
        assertEquals(0, used("acme"));
        assertTrue(grid.get(SNAPSHOTS, key(SHOP, "s1")).stored().isEmpty());
        assertEquals(RefusalCode.NOT_FOUND, refused(SHOP, "s2", image(SECOND, FIRST)));
        delete(SHOP, "s1");
        assertEquals(0, used("acme"));
    }

    @Test
    void aCopyOfTheSameTenantSharesAndAnotherTenantCannot() {
        ready(SHOP, "s1", image(FIRST));
        ready(COPY, "s1", image(SECOND, FIRST));
        assertEquals(RefusalCode.NOT_FOUND, refused(ALIEN, "s1", image(pack(3, 10), FIRST)));
        delete(SHOP, "s1");
        ready(COPY, "s2", image(pack(3, 10), FIRST));
        assertEquals(1_210, used("acme"));
    }

    @Test
    void whatWasMadeBeforePacksWereSharedIsChargedByItself() {
        StoredImage old = new StoredImage(
                new Sha256("a".repeat(64)), FIRST.lengthBytes(), List.of(), Optional.of(FIRST), 0, 0,
                List.of());
        ready(SHOP, "s1", old);
        assertEquals(1_000, used("acme"));
        assertEquals(RefusalCode.NOT_FOUND, refused(SHOP, "s2", image(SECOND, FIRST)));
        delete(SHOP, "s1");
        assertEquals(0, used("acme"));
    }

    @Test
    void theTenantIsChargedForExactlyThePacksThatReadySnapshotsUse() {
        long seed = 20_261;
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, StoredImage> ready = new LinkedHashMap<>();
        for (int step = 1; step <= 400; step++) {
            if (ready.isEmpty() || random.nextInt(5) < 3) {
                List<StoredBlob> others = new ArrayList<>(packsOf(ready));
                while (others.size() > 3) {
                    others.remove(random.nextInt(others.size()));
                }
                StoredImage image =
                        image(pack(100 + step, 1 + random.nextInt(500)), others.toArray(StoredBlob[]::new));
                ready(SHOP, "s" + step, image);
                ready.put("s" + step, image);
            } else {
                String name = List.copyOf(ready.keySet()).get(random.nextInt(ready.size()));
                if (random.nextBoolean()) {
                    grid.accept(new SnapshotCommand.Condemn(key(SHOP, name), "broken", ANY));
                }
                delete(SHOP, name);
                ready.remove(name);
            }
            long expected = packsOf(ready).stream().mapToLong(StoredBlob::lengthBytes).sum();
            assertEquals(expected, used("acme"), "seed=" + seed + " step=" + step);
        }
        assertFalse(ready.isEmpty());
    }

    private static Set<StoredBlob> packsOf(Map<String, StoredImage> ready) {
        Set<StoredBlob> all = new HashSet<>();
        ready.values().forEach(image -> all.addAll(image.packs()));
        return all;
    }

    private long used(String tenant) {
        return grid.get(TENANTS, tenant).usedBytes();
    }

    private void ready(ApplicationKey application, String name, StoredImage image) {
        begin(application, name);
        grid.accept(complete(application, name, image));
    }

    private RefusalCode refused(ApplicationKey application, String name, StoredImage image) {
        begin(application, name);
        return grid.refuse(complete(application, name, image));
    }

    private void begin(ApplicationKey application, String name) {
        grid.accept(new SnapshotCommand.Begin(
                key(application, name),
                new SnapshotDraft(Samples.DIGEST, Samples.HOST_CLASS, Optional.empty(), 0,
                        SnapshotOrigin.ASKED, Optional.empty()),
                new FencingToken(1)));
    }

    private static SnapshotCommand complete(ApplicationKey application, String name, StoredImage image) {
        return new SnapshotCommand.Complete(
                key(application, name), new FencingToken(1), List.of(), Optional.of(image));
    }

    private void delete(ApplicationKey application, String name) {
        grid.accept(new SnapshotCommand.Delete(key(application, name), ANY));
    }

    private static StoredImage image(StoredBlob own, StoredBlob... shared) {
        return StoredImage.in(own, new Sha256("a".repeat(64)), 5_000, 10, List.of(shared));
    }

    private static StoredBlob pack(int number, long lengthBytes) {
        return new StoredBlob(Samples.STREAM, number * 4_096L, lengthBytes, Samples.DIGEST);
    }

    private static SnapshotKey key(ApplicationKey application, String name) {
        return new SnapshotKey(application, name);
    }
}
