package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.hazelcast.entry.GridFilter;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Queries answered by a walk over the ledger's store. Immutable.
final class StoreQueries {
    /// Records that one page may look at; a page that suits nothing still ends and names where to go on.
    static final int EXAMINED_MAX = 20_000;

    private final GridSchema schema;

    StoreQueries(GridSchema schema) {
        this.schema = schema;
    }

    /// @param asOf the entry whose state was read
    record Answer<K, R>(Page<K, R> page, LogIndex asOf) {}

    <K, R> Answer<K, R> query(StateStore store, GridQuery<K, R> query) {
        return store.readConsistently(view -> new Answer<>(walk(view, query), view.appliedIndex()));
    }

    private <K, R> Page<K, R> walk(StateReader reader, GridQuery<K, R> query) {
        Catalog<K, R> catalog = query.catalog();
        KeyBounds bounds = KeyBounds.of(query);
        List<Versioned<K, R>> found = new ArrayList<>();
        Walk<K> walk = new Walk<>();
        reader.scan(catalog.keyspace(), bounds.prefix(), bounds.from(), (key, stored) -> {
            if (found.size() == query.page().limit() || walk.examined == EXAMINED_MAX) {
                walk.more = true;
                return false;
            }
            Versioned<K, R> record = schema.decode(catalog, key, stored);
            walk.examined++;
            walk.last = Optional.of(record.key());
            if (suits(catalog, query.filters(), record.value())) {
                found.add(record);
            }
            return true;
        });
        KeyForm<K> form = catalog.keyForm();
        return new Page<>(found, walk.more ? walk.last.map(form::print) : Optional.empty());
    }

    private static <K, R> boolean suits(Catalog<K, R> catalog, List<GridFilter> filters, R record) {
        for (GridFilter filter : filters) {
            if (!suits(valueOf(catalog, filter.attribute(), record), filter)) {
                return false;
            }
        }
        return true;
    }

    private static <K, R> Comparable<?> valueOf(Catalog<K, R> catalog, String name, R record) {
        for (Attribute<R> attribute : catalog.attributes()) {
            if (attribute.name().equals(name)) {
                return attribute.valueOf(record);
            }
        }
        throw new IllegalArgumentException("the catalog has no such attribute: attribute=" + name);
    }

    private static boolean suits(Comparable<?> value, GridFilter filter) {
        return switch (filter) {
            case GridFilter.Equal equal -> value.equals(equal.value());
            case GridFilter.AtLeast atLeast -> value instanceof Long number && number >= atLeast.value();
            case GridFilter.AtMost atMost -> value instanceof Long number && number <= atMost.value();
        };
    }

    private static final class Walk<K> {
        private int examined;
        private boolean more;
        private Optional<K> last = Optional.empty();
    }
}
