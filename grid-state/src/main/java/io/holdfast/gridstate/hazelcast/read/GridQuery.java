package io.holdfast.gridstate.hazelcast.read;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.hazelcast.entry.GridFilter;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import java.util.List;

/// Which records of a catalog are asked for, a page at a time. Immutable.
///
/// @param catalog the catalog
/// @param filters all of which a record must suit; at most [#FILTERS_MAX]
/// @param page which part, in the order of keys
public record GridQuery<K, R>(Catalog<K, R> catalog, List<GridFilter> filters, Page.Request page) {
    public static final int FILTERS_MAX = 8;

    public GridQuery {
        filters = List.copyOf(filters);
        if (filters.size() > FILTERS_MAX) {
            throw new IllegalArgumentException("too many filters: max=" + FILTERS_MAX);
        }
        for (GridFilter filter : filters) {
            boolean suits = GridSchema.kindOf(catalog, filter.attribute())
                    .filter(filter::suits)
                    .isPresent();
            if (!suits) {
                throw new IllegalArgumentException(
                        "the catalog has no such attribute, or of another kind: catalog=" + catalog.name()
                                + " attribute=" + filter.attribute());
            }
        }
    }

    /// Every record.
    public static <K, R> GridQuery<K, R> all(Catalog<K, R> catalog, Page.Request page) {
        return new GridQuery<>(catalog, List.of(), page);
    }
}
