package io.holdfast.gridstate.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class RecordVersionTest {
    private static final long INDEX_MAX = (1L << 40) - 1;
    private static final int ORDINAL_MAX = 4_095;

    @Test
    void growsFromCommandToCommandAndSaysItsEntry() {
        long last = 1L << 51; // What an entry of former levels gave, larger than any there will be.
        for (long index : new long[] {1, 2, 1_000, 1L << 32, INDEX_MAX}) {
            for (int ordinal : new int[] {0, 1, ORDINAL_MAX}) {
                long version = RecordVersion.of(index, ordinal);
                assertTrue(version > last, "index=" + index + " ordinal=" + ordinal);
                assertEquals(index, RecordVersion.index(version));
                last = version;
            }
        }
        assertTrue(last < 1L << 53, "a JSON number holds it");
        assertEquals(77, RecordVersion.index(77), "of a former level");
    }

    @Test
    void whatHasNoRoomIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> RecordVersion.of(INDEX_MAX + 1, 0));
        assertThrows(IllegalArgumentException.class, () -> RecordVersion.of(1, ORDINAL_MAX + 1));
    }
}
