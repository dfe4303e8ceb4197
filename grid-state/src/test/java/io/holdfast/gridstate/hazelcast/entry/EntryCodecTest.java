package io.holdfast.gridstate.hazelcast.entry;

import static io.holdfast.gridstate.testing.TestCatalogs.THINGS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Term;
import io.holdfast.gridstate.catalog.RecordVersion;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.testing.TestCatalogs;
import io.holdfast.gridstate.testing.TextCodec;
import java.nio.BufferUnderflowException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EntryCodecTest {
    private static final TextCodec CODEC = new TextCodec();

    @Test
    void aValueKeepsItsRecordAndPosition() {
        byte[] stored = THINGS.encode("text", 7, CODEC);
        GridValue value = GridValue.live(3, stored);
        GridValue read = GridValue.ofPayload(value.payload(), TestCatalogs.schema());
        assertEquals(new ChangePosition(7, 3), read.position());
        assertEquals("text", TestCatalogs.schema().decode(THINGS, key("k"), read).value());
        assertEquals("t", read.attribute("things/initial"));
        assertEquals(4L, read.attribute("things/length"));
        assertEquals(value, read);
        assertFalse(read.isRemoved());
    }

    @Test
    void aRemovalIsNewerThanWhatItRemoved() {
        GridValue before = GridValue.live(Integer.MAX_VALUE, THINGS.encode("text", 7, CODEC));
        Change removal = new Change(new ChangePosition(8, 0), "things", new byte[1], null);
        GridValue removed = GridEntry.of(removal).value();
        assertTrue(removed.isRemoved());
        assertTrue(removed.isNewerThan(before));
        assertFalse(before.isNewerThan(removed));
        assertFalse(removed.isNewerThan(removed));
        assertThrows(IllegalStateException.class, removed::stored);
    }

    @Test
    void whatAStoreHoldsIsNewerThanTheChangesOfItsEntry() {
        byte[] stored = THINGS.encode("text", 7, CODEC);
        GridValue found = GridEntry.ofStored(new byte[1], stored).value();
        assertTrue(found.isNewerThan(GridValue.live(0, stored)));
        assertFalse(found.isNewerThan(GridValue.live(0, THINGS.encode("text", 8, CODEC))));
    }

    @Test
    void digestsDependOnContentAndNotOnOrder() {
        PartitionDigest one = PartitionDigest.EMPTY.plus(key("a").bytes(), 1).plus(key("b").bytes(), 2);
        PartitionDigest other = PartitionDigest.EMPTY.plus(key("b").bytes(), 2).plus(key("a").bytes(), 1);
        PartitionDigest swapped = PartitionDigest.EMPTY.plus(key("b").bytes(), 1).plus(key("a").bytes(), 2);
        assertEquals(one, other);
        assertNotEquals(one, swapped);
        assertEquals(one, PartitionDigest.decode(one.encode()));
    }

    @Test
    void listingsAndWatermarksKeepTheirContent() {
        PartitionListing listing = new PartitionListing(
                Map.of(key("a"), new ChangePosition(1, 2), key(""), new ChangePosition(3, 4)),
                Map.of(key("gone"), ChangePosition.endOf(9)));
        assertEquals(listing, PartitionListing.decode(listing.encode()));
        GridWatermark watermark = new GridWatermark(new Term(4), ChangePosition.endOf(5), 6);
        assertEquals(watermark, GridWatermark.decode(watermark.encode()));
    }

    @Test
    void arbitraryBytesAreAValueOrRefused() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(48)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) random.nextInt(3);
            }
            String context = "seed=" + seed + " round=" + i;
            try {
                GridValue value = GridValue.ofPayload(bytes, TestCatalogs.schema());
                assertTrue(value.payload().length >= 13, context);
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("bytes="), context);
            }
            try {
                PartitionListing listing = PartitionListing.decode(bytes);
                assertTrue(listing.live().size() + listing.removed().size() <= 2, context);
            } catch (IllegalArgumentException | BufferUnderflowException e) {
                assertNotEquals("", String.valueOf(e), context);
            }
        }
    }

    private static GridKey key(String text) {
        return GridKey.of(text.getBytes(UTF_8));
    }

    @Test
    void positionsCompareByEntryWhateverTheKindOfVersion() {
        GridValue written = GridValue.live(4_096, THINGS.encode("text", RecordVersion.of(7, 2), CODEC));
        assertEquals(new ChangePosition(7, 4_096), written.position());
        assertTrue(GridValue.removed(new ChangePosition(8, 0)).isNewerThan(written));
        assertTrue(written.isNewerThan(GridValue.live(0, THINGS.encode("text", 7, CODEC))));
        assertTrue(GridValue.live(0, THINGS.encode("text", 8, CODEC)).isNewerThan(written));
    }
}
