package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.catalog.Versioned;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The catalogs that the grid serves, and how their records are read. Immutable.
public final class GridSchema {
    private final SequencedMap<String, Catalog<?, ?>> catalogs = new LinkedHashMap<>();
    private final Map<String, AttributeReader> attributes = new HashMap<>();
    private final RecordCodec codec;

    public GridSchema(List<Catalog<?, ?>> catalogs, RecordCodec codec) {
        this.codec = codec;
        for (Catalog<?, ?> catalog : catalogs) {
            if (this.catalogs.putIfAbsent(catalog.name(), catalog) != null) {
                throw new IllegalArgumentException("a catalog is listed twice: catalog=" + catalog.name());
            }
            addAttributes(catalog);
        }
    }

    private <K, R> void addAttributes(Catalog<K, R> catalog) {
        for (Attribute<R> attribute : catalog.attributes()) {
            AttributeReader reader = (payload, offset) ->
                    attribute.valueOf(codec.decode(catalog.recordType(), payload, offset));
            attributes.put(path(catalog.name(), attribute.name()), reader);
        }
    }

    public Collection<Catalog<?, ?>> catalogs() {
        return Collections.unmodifiableCollection(catalogs.values());
    }

    public boolean serves(String catalog) {
        return catalogs.containsKey(catalog);
    }

    /// The description of a catalog's attribute, if it has one of this name.
    public static Optional<Attribute.Kind> kindOf(Catalog<?, ?> catalog, String attribute) {
        for (Attribute<?> each : catalog.attributes()) {
            if (each.name().equals(attribute)) {
                return Optional.of(each.kind());
            }
        }
        return Optional.empty();
    }

    /// The record that a value holds.
    ///
    /// @throws CorruptRecordException if it cannot be read
    public <K, R> Versioned<K, R> decode(Catalog<K, R> catalog, GridKey key, GridValue value) {
        return catalog.decode(key.bytes(), value.stored(), codec);
    }

    public <K, R> Versioned<K, R> decode(Catalog<K, R> catalog, byte[] key, byte[] stored) {
        return catalog.decode(key, stored, codec);
    }

    static String path(String catalog, String attribute) {
        return catalog + "/" + attribute;
    }

    @Nullable Comparable<?> attribute(String path, byte[] payload, int frameOffset) {
        AttributeReader reader = attributes.get(path);
        if (reader == null) {
            return null;
        }
        try {
            return reader.read(payload, frameOffset);
        } catch (CorruptRecordException e) {
            // Intended: a member of an older release keeps a record that it cannot read, unindexed. Failing
            // would stop publishing for everybody; whoever asks for the record itself is told.
            return null;
        }
    }

    @FunctionalInterface
    private interface AttributeReader {
        Comparable<?> read(byte[] payload, int frameOffset);
    }
}
