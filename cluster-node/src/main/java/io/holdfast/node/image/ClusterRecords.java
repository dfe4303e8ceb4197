package io.holdfast.node.image;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import java.util.function.Consumer;

/// Walks whole catalogs, page by page. As concurrent as its reader.
record ClusterRecords(CatalogReader reader) {
    <K, R> void each(Catalog<K, R> catalog, Consumer<Versioned<K, R>> receiver) {
        Page.Request request = Page.Request.first(Page.LIMIT_MAX);
        boolean isLast = false;
        while (!isLast) {
            Page<K, R> page = reader.page(catalog, request);
            page.entries().forEach(receiver);
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
    }
}
