package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.change.Change;

/// A key and what is to be held under it.
///
/// @param key where
/// @param value what
public record GridEntry(GridKey key, GridValue value) {
    /// What a change leaves behind.
    public static GridEntry of(Change change) {
        byte[] stored = change.stored();
        GridValue value = stored == null
                ? GridValue.removed(change.position())
                : GridValue.live(change.position().ordinal(), stored);
        return new GridEntry(GridKey.of(change.key()), value);
    }

    /// A record found in a store: whatever its entry did to it in passing, this is how the entry left it.
    public static GridEntry ofStored(byte[] key, byte[] stored) {
        return new GridEntry(GridKey.of(key), GridValue.live(Integer.MAX_VALUE, stored));
    }

    /// What a refill or a repair moves over the wire, roughly.
    public int sizeBytes() {
        return key.bytes().length + value.payload().length;
    }
}
