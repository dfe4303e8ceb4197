package io.holdfast.node.http.port;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;

import java.util.List;
import java.util.Optional;

/// Reads catalogs at the asked-for consistency. Concurrent; blocks until the consistency is
/// reached, and throws `UnavailableException` if it is not within the caller's patience.
public interface CatalogReads {
    /// One record.
    <K, R> Answer<Optional<Versioned<K, R>>> get(
            Catalog<K, R> catalog, K key, Consistency consistency);

    /// One page of the records that fulfil all conditions. May hold fewer than asked for, and a
    /// cursor, when many records had to be looked at.
    <K, R> Answer<Page<K, R>> page(
            Catalog<K, R> catalog,
            Page.Request request,
            List<Condition> conditions,
            Consistency consistency);

    /// The ledger index up to which this node's own store is applied.
    long localIndex();

    /// What was read, and how fresh it is.
    ///
    /// @param value what was read
    /// @param index the ledger index that it reflects
    /// @param isStale whether this node cannot tell whether it is up to date
    record Answer<T>(T value, long index, boolean isStale) {}
}
