package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Walks over a catalog's stored records in bounded pieces, so that no walk holds much memory or an iterator
/// for long. Immutable.
final class CatalogPages {
    private static final int PAGE_ENTRIES_MAX = 4_096;
    private static final int PAGE_BYTES_MAX = 1 << 20;
    private static final byte[] ALL = {};

    private CatalogPages() {}

    /// @param entries in the order of keys
    /// @param next where to go on; absent at the end
    record Piece(List<GridEntry> entries, Optional<Cursor> next) {}

    static Piece read(StateReader reader, Catalog<?, ?> catalog, Cursor cursor) {
        List<GridEntry> entries = new ArrayList<>();
        int[] bytes = new int[1];
        boolean[] more = new boolean[1];
        reader.scan(catalog.keyspace(), ALL, cursor.fromInclusive(), (key, stored) -> {
            if (entries.size() == PAGE_ENTRIES_MAX || bytes[0] >= PAGE_BYTES_MAX) {
                more[0] = true;
                return false;
            }
            GridEntry entry = GridEntry.ofStored(key, stored);
            entries.add(entry);
            bytes[0] += entry.sizeBytes();
            return true;
        });
        return new Piece(
                entries,
                more[0] ? Optional.of(Cursor.after(entries.getLast().key().bytes())) : Optional.empty());
    }
}
