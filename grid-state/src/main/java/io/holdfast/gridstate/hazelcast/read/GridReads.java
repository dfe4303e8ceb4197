package io.holdfast.gridstate.hazelcast.read;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.entry.GridValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads catalogs. Concurrent; calls may block for as long as they say, so they belong on virtual threads.
///
/// Every node has the ledger's whole state on its disk, which is therefore asked wherever the grid does not
/// know better: for a key that another member holds, if this node has applied what the grid has published
/// (a read of the disk's cache takes microseconds, a question over the network a hundred); after a miss;
/// while the member that holds a key does not answer; and while nobody publishes.
public final class GridReads {
    /// After this long without an answer from the member that holds a key, the store of this node answers.
    static final long FETCH_MILLIS_MAX = 250;

    private final Grid grid;
    private final GridMaps maps;
    private final ReplicatedLog log;
    private final LeaderSigns signs;
    private final StoreQueries storeQueries;
    private final LongAdder held = new LongAdder();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder stored = new LongAdder();

    public GridReads(Grid grid, ReplicatedLog log, LongSupplier nanoClock) {
        this.grid = grid;
        this.maps = grid.maps();
        this.log = log;
        this.signs = new LeaderSigns(grid, nanoClock);
        this.storeQueries = new StoreQueries(grid.schema());
    }

    /// One record, or none.
    ///
    /// @param timeoutMillis how long a read may wait for the index or for the leader that it needs
    /// @throws GridUnavailableException if that time was not enough
    public <K, R> GridRead<Optional<Versioned<K, R>>> get(
            Catalog<K, R> catalog, K key, Consistency consistency, long timeoutMillis)
            throws InterruptedException {
        return switch (consistency) {
            case Consistency.Local _ -> getLocally(catalog, key);
            case Consistency.Session session -> {
                await(log.awaitApplied(session.atLeast()), timeoutMillis);
                yield getFromStore(catalog, key, signs.isSilent());
            }
            case Consistency.Linearizable _ -> {
                await(log.readBarrier(), timeoutMillis);
                yield getFromStore(catalog, key, false);
            }
        };
    }

    /// A page of the records that suit a query; no more than the page's limit, and perhaps fewer while more
    /// follow.
    ///
    /// @param timeoutMillis how long a read may wait for the index or for the leader that it needs
    /// @throws GridUnavailableException if that time was not enough
    public <K, R> GridRead<Page<K, R>> query(
            GridQuery<K, R> query, Consistency consistency, long timeoutMillis) throws InterruptedException {
        return switch (consistency) {
            case Consistency.Local _ -> queryLocally(query);
            case Consistency.Session session -> {
                await(log.awaitApplied(session.atLeast()), timeoutMillis);
                yield queryStore(query, signs.isSilent());
            }
            case Consistency.Linearizable _ -> {
                await(log.readBarrier(), timeoutMillis);
                yield queryStore(query, false);
            }
        };
    }

    /// How far the grid has been published to, as far as this node knows.
    public ChangePosition published() {
        return signs.published();
    }

    /// Whether local reads are marked stale now.
    public boolean isStale() {
        return signs.isSilent();
    }

    public ReadStatus status() {
        return new ReadStatus(held.sum(), fetched.sum(), stored.sum(), signs.published(), signs.isSilent());
    }

    private <K, R> GridRead<Optional<Versioned<K, R>>> getLocally(Catalog<K, R> catalog, K key)
            throws InterruptedException {
        // Asked first: what is read afterwards is at least as new.
        LogIndex published = new LogIndex(signs.published().index());
        GridKey gridKey = GridKey.of(catalog.keyForm().encode(key));
        GridValue value = find(catalog.name(), gridKey);
        if (value == null || value.isRemoved()) {
            return getFromStore(catalog, key, signs.isSilent());
        }
        Versioned<K, R> record = grid.schema().decode(catalog, gridKey, value);
        return new GridRead<>(Optional.of(record), published, signs.isSilent());
    }

    private @Nullable GridValue find(String catalog, GridKey key) throws InterruptedException {
        if (!grid.isOpen() || !grid.schema().serves(catalog)) {
            return null;
        }
        try {
            GridValue value = maps.held(catalog, key);
            if (value != null) {
                held.increment();
                return value;
            }
            if (signs.isSilent() || maps.isHolder(key) || isAsNewAsGrid()) {
                return null;
            }
            GridValue answer = maps.fetch(catalog, key)
                    .toCompletableFuture()
                    .get(FETCH_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .orElse(null);
            fetched.increment();
            return answer;
        } catch (HazelcastException
                | HazelcastInstanceNotActiveException
                | ExecutionException
                | TimeoutException e) {
            // Intended: who holds the key is on its way out or this member is closing; the store knows.
            return null;
        }
    }

    private boolean isAsNewAsGrid() {
        return log.appliedIndex().value() >= signs.published().index();
    }

    private <K, R> GridRead<Optional<Versioned<K, R>>> getFromStore(
            Catalog<K, R> catalog, K key, boolean isStale) {
        stored.increment();
        StateStore store = log.store();
        LogIndex asOf = store.appliedIndex();
        byte[] storedKey = catalog.keyForm().encode(key);
        byte[] record = store.get(catalog.keyspace(), storedKey);
        Optional<Versioned<K, R>> found = record == null
                ? Optional.empty()
                : Optional.of(grid.schema().decode(catalog, storedKey, record));
        return new GridRead<>(found, asOf, isStale);
    }

    private <K, R> GridRead<Page<K, R>> queryLocally(GridQuery<K, R> query) {
        LogIndex published = new LogIndex(signs.published().index());
        // A member that hears from no leader may be in a small part of a split grid, which lacks partitions.
        if (!grid.isOpen() || signs.isSilent() || !grid.schema().serves(query.catalog().name())) {
            return queryStore(query, signs.isSilent());
        }
        try {
            return new GridRead<>(queryGrid(query), published, false);
        } catch (HazelcastException | HazelcastInstanceNotActiveException e) {
            return queryStore(query, signs.isSilent());
        }
    }

    private <K, R> Page<K, R> queryGrid(GridQuery<K, R> query) {
        KeyBounds bounds = KeyBounds.of(query);
        Catalog<K, R> catalog = query.catalog();
        int limit = query.page().limit();
        List<GridEntry> entries = maps.query(
                catalog.name(), query.filters(), bounds.prefix(), bounds.after().orElse(null), limit + 1);
        List<Versioned<K, R>> records = new ArrayList<>();
        for (GridEntry entry : entries.subList(0, Math.min(limit, entries.size()))) {
            records.add(grid.schema().decode(catalog, entry.key(), entry.value()));
        }
        return new Page<>(
                records,
                entries.size() > limit
                        ? Optional.of(catalog.keyForm().print(records.getLast().key()))
                        : Optional.empty());
    }

    private <K, R> GridRead<Page<K, R>> queryStore(GridQuery<K, R> query, boolean isStale) {
        stored.increment();
        StoreQueries.Answer<K, R> answer = storeQueries.query(log.store(), query);
        return new GridRead<>(answer.page(), answer.asOf(), isStale);
    }

    private static void await(CompletableFuture<LogIndex> future, long timeoutMillis)
            throws InterruptedException {
        try {
            future.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new GridUnavailableException(
                    "the ledger was not there in time: timeoutMillis=" + timeoutMillis, e);
        } catch (ExecutionException e) {
            throw new GridUnavailableException("the ledger is not available: " + e.getCause(), e);
        }
    }
}
