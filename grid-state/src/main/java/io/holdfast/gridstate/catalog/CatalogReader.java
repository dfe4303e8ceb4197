package io.holdfast.gridstate.catalog;

import io.holdfast.consensus.statemachine.StateReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads any catalog out of a store, or out of one consistent view of it. As concurrent as the reader that
/// it is given.
public final class CatalogReader {
    private static final byte[] NO_BYTES = {};

    private final StateReader reader;
    private final RecordCodec codec;

    public CatalogReader(StateReader reader, RecordCodec codec) {
        this.reader = reader;
        this.codec = codec;
    }

    public <K, R> Optional<Versioned<K, R>> get(Catalog<K, R> catalog, K key) {
        byte[] stored = reader.get(catalog.keyspace(), catalog.keyForm().encode(key));
        return stored == null ? Optional.empty() : Optional.of(catalog.decode(key, stored, codec));
    }

    /// One page of a catalog.
    ///
    /// @throws IllegalArgumentException if the prefix or the cursor cannot belong to a key of this catalog
    public <K, R> Page<K, R> page(Catalog<K, R> catalog, Page.Request request) {
        KeyForm<K> form = catalog.keyForm();
        byte[] prefix = request.prefix().isEmpty() ? NO_BYTES : form.prefix(request.prefix());
        byte[] from = request.cursor().map(text -> after(form.encode(form.parse(text)))).orElse(prefix);
        if (Arrays.compareUnsigned(from, prefix) < 0) {
            throw new IllegalArgumentException("the cursor stands before the prefix");
        }
        List<Versioned<K, R>> found = new ArrayList<>(Math.min(request.limit(), 64));
        boolean[] more = new boolean[1];
        reader.scan(catalog.keyspace(), prefix, from, (key, stored) -> {
            if (found.size() == request.limit()) {
                more[0] = true;
                return false;
            }
            found.add(catalog.decode(key, stored, codec));
            return true;
        });
        Optional<String> next = more[0] ? Optional.of(form.print(found.getLast().key())) : Optional.empty();
        return new Page<>(found, next);
    }

    /// The smallest key that stands after the given one.
    private static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
