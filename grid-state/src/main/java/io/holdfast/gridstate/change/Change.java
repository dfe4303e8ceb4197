package io.holdfast.gridstate.change;

import io.holdfast.gridstate.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/// One record written or removed.
///
/// @param position where it stands in the order of all changes
/// @param catalog the catalog's name
/// @param key the key as stored
/// @param stored the record as stored (see `Catalog.decode`); null if it was removed
@SuppressWarnings("ArrayRecordComponent") // Handed over, never shared: a copy per reader would be garbage.
public record Change(ChangePosition position, String catalog, byte[] key, byte @Nullable [] stored) {
    public boolean isRemoval() {
        return stored == null;
    }

    /// The version that the change gave the record; for a removal, what a record would have got.
    public long version() {
        return stored == null ? position.version() : Catalog.version(stored);
    }
}
