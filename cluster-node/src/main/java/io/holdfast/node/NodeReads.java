package io.holdfast.node;

import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridFilter;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import io.holdfast.gridstate.hazelcast.read.GridQuery;
import io.holdfast.gridstate.hazelcast.read.GridRead;
import io.holdfast.gridstate.hazelcast.read.GridReads;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Condition;
import io.holdfast.node.http.port.Consistency;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads for the API: `local` ones from the grid where it can answer, all others, and those that the grid
/// cannot answer, from this node's own copy of the ledger's state. Concurrent.
final class NodeReads implements CatalogReads {
    private static final long LOCAL_PATIENCE_MILLIS = 2_000;

    private final Supplier<Optional<GridReads>> grid;
    private final CatalogReads ledger;

    /// Makes reads.
    ///
    /// @param grid the grid's reads, once this node has joined it
    NodeReads(Supplier<Optional<GridReads>> grid, CatalogReads ledger) {
        this.grid = grid;
        this.ledger = ledger;
    }

    @Override
    public <K, R> Answer<Optional<Versioned<K,
            R>>> get(Catalog<K, R> catalog, K key, Consistency consistency) {
        Optional<GridReads> reads = consistency instanceof Consistency.Local ? grid.get() : Optional.empty();
        if (reads.isEmpty()) {
            return ledger.get(catalog, key, consistency);
        }
        try {
            return answer(reads.get().get(
                    catalog, key, new io.holdfast.gridstate.hazelcast.read.Consistency.Local(),
                            LOCAL_PATIENCE_MILLIS));
        } catch (GridUnavailableException _) {
            return ledger.get(catalog, key, consistency);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    @Override
    public <K, R> Answer<Page<K, R>> page(
            Catalog<K, R> catalog, Page.Request request, List<Condition> conditions,
                    Consistency consistency) {
        Optional<GridReads> reads = consistency instanceof Consistency.Local ? grid.get() : Optional.empty();
        Optional<List<GridFilter>> filters = filters(catalog, conditions);
        if (reads.isEmpty() || filters.isEmpty()) {
            return ledger.page(catalog, request, conditions, consistency);
        }
        try {
            return answer(reads.get().query(
                    new GridQuery<>(catalog, filters.get(), request),
                    new io.holdfast.gridstate.hazelcast.read.Consistency.Local(),
                    LOCAL_PATIENCE_MILLIS));
        } catch (GridUnavailableException _) {
            return ledger.page(catalog, request, conditions, consistency);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    @Override
    public long localIndex() {
        return ledger.localIndex();
    }

    private static <T> Answer<T> answer(GridRead<T> read) {
        return new Answer<>(read.value(), read.asOf().value(), read.isStale());
    }

    private static UnavailableException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new UnavailableException("this node is stopping", cause);
    }

    /// The conditions as the grid understands them; empty if it does not.
    private static Optional<List<GridFilter>> filters(Catalog<?, ?> catalog, List<Condition> conditions) {
        List<GridFilter> filters = new ArrayList<>();
        for (Condition condition : conditions) {
            Optional<GridFilter> filter = GridSchema.kindOf(catalog, condition.attribute())
                    .flatMap(kind -> filter(kind, condition));
            if (filter.isEmpty()) {
                return Optional.empty();
            }
            filters.add(filter.get());
        }
        return filters.size() > GridQuery.FILTERS_MAX ? Optional.empty() : Optional.of(filters);
    }

    private static Optional<GridFilter> filter(Attribute.Kind kind, Condition condition) {
        String name = condition.attribute();
        String value = condition.value();
        return switch (condition.operator()) {
            case EQUAL -> switch (kind) {
                case TEXT -> Optional.of(new GridFilter.Equal(name, value));
                case FLAG -> Optional.of(new GridFilter.Equal(name, Boolean.valueOf(value)));
                case NUMBER -> number(value).map(n -> new GridFilter.Equal(name, n));
            };
            case AT_LEAST -> number(value).map(n -> new GridFilter.AtLeast(name, n));
            case AT_MOST -> number(value).map(n -> new GridFilter.AtMost(name, n));
            case NOT_EQUAL, GREATER, LESS -> Optional.empty();
        };
    }

    private static Optional<Long> number(String text) {
        return text.matches("-?[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }
}
