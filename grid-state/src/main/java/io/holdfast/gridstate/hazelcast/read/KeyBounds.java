package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.gridstate.catalog.Page;
import java.util.Arrays;
import java.util.Optional;

/// Where in the order of stored keys a page begins. Immutable.
///
/// @param prefix what the keys begin with
/// @param after the key that the page before ended with
@SuppressWarnings("ArrayRecordComponent") // Handed over within one read.
record KeyBounds(byte[] prefix, Optional<byte[]> after) {
    private static final byte[] ALL = {};

    /// @throws IllegalArgumentException if the prefix or the cursor cannot belong to a key of the catalog
    static <K> KeyBounds of(GridQuery<K, ?> query) {
        KeyForm<K> form = query.catalog().keyForm();
        Page.Request page = query.page();
        byte[] prefix = page.prefix().isEmpty() ? ALL : form.prefix(page.prefix());
        Optional<byte[]> after = page.cursor().map(text -> form.encode(form.parse(text)));
        if (after.filter(key -> Arrays.compareUnsigned(key, prefix) < 0).isPresent()) {
            throw new IllegalArgumentException("the cursor stands before the prefix");
        }
        return new KeyBounds(prefix, after);
    }

    /// The smallest key that the page may begin with.
    byte[] from() {
        return after.map(key -> Arrays.copyOf(key, key.length + 1)).orElse(prefix);
    }
}
