package io.holdfast.node.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.blob.BlobRange;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BlobGarbageTest {
    private static final StreamId FAMILY = new StreamId(7);
    private static final LayerDigest DIGEST = new LayerDigest("sha256:" + "0".repeat(64));
    private static final long KEPT = BlobGarbage.KEPT.toMillis();
    private static final StoredBlob BLOB = new StoredBlob(FAMILY, 8192, 4096, DIGEST);

    private final BlobGarbage garbage = new BlobGarbage();

    private static BlobRange range(int firstBlock, int endBlock) {
        return new BlobRange(firstBlock * 4096L, endBlock * 4096L);
    }

    private List<BlobRange> due(long now, Set<StoredBlob> referenced, BlobRange... unreferenced) {
        return garbage.due(FAMILY, List.of(unreferenced), referenced, now);
    }

    @Test
    void eachPartIsKeptAsLongAsItWasNotSeen() {
        assertEquals(List.of(), due(0, Set.of(), range(0, 2)));
        assertEquals(List.of(), due(1_000, Set.of(), range(0, 5)));
        assertEquals(List.of(), due(KEPT - 1, Set.of(), range(0, 5)));
        assertEquals(List.of(range(0, 2)), due(KEPT, Set.of(), range(0, 5)));
        assertEquals(List.of(range(2, 5)), due(KEPT + 1_000, Set.of(), range(2, 5)));
        assertEquals(List.of(), due(KEPT + 1_000, Set.of()));
    }

    @Test
    void whatWasEnteredMeanwhileBeginsAnew() {
        assertEquals(List.of(), due(0, Set.of(), range(2, 3)));
        assertEquals(List.of(), due(1_000, Set.of(BLOB)));
        assertEquals(List.of(), due(KEPT, Set.of(BLOB)));
        assertEquals(List.of(range(2, 3)), due(KEPT + 1, Set.of(), range(2, 3)), "its record is deleted");
    }

    @Test
    void whatWasGivenBackIsForgotten() {
        assertEquals(List.of(), due(0, Set.of(), range(0, 3)));
        garbage.freed(FAMILY, range(1, 2));
        assertEquals(List.of(range(0, 1), range(2, 3)), due(KEPT, Set.of(), range(0, 3)));
        assertEquals(List.of(), due(2 * KEPT - 1, Set.of(), range(1, 2)));
        assertEquals(List.of(range(1, 2)), due(2 * KEPT, Set.of(), range(1, 2)));
    }

    @Test
    void aLookIsWorthItOnlyIfSomethingMayCome() {
        assertTrue(garbage.isWorthALook(FAMILY, Set.of(), 0), "never looked at");
        assertEquals(List.of(), due(0, Set.of(BLOB)));
        assertFalse(garbage.isWorthALook(FAMILY, Set.of(BLOB), KEPT));
        assertTrue(garbage.isWorthALook(FAMILY, Set.of(), 1));
        assertEquals(List.of(), due(5, Set.of(BLOB), range(9, 10)));
        assertFalse(garbage.isWorthALook(FAMILY, Set.of(BLOB), KEPT));
        assertTrue(garbage.isWorthALook(FAMILY, Set.of(BLOB), KEPT + 5));
        garbage.retain(Set.of());
        assertTrue(garbage.isWorthALook(FAMILY, Set.of(BLOB), 0));
    }
}
