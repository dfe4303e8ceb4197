package io.holdfast.node.http.reads;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangeFeed;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.ChangeSource;
import io.holdfast.node.http.port.Condition;
import io.holdfast.node.http.port.Consistency;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Reads this node's own copy of the ledger's state. Concurrent.
public final class LedgerReads implements CatalogReads, ChangeSource {
    /// Records that one filtered page looks at; bounds the time of a request.
    static final int SCAN_COUNT_MAX = 20_000;

    private final ReplicatedLog log;
    private final RecordCodec codec;
    private final BooleanSupplier stale;

    /// @param stale whether this node has lost touch with the leader
    public LedgerReads(ReplicatedLog log, RecordCodec codec, BooleanSupplier stale) {
        this.log = log;
        this.codec = codec;
        this.stale = stale;
    }

    @Override
    public <K, R> Answer<Optional<Versioned<K, R>>> get(
            Catalog<K, R> catalog, K key, Consistency consistency) {
        reach(consistency);
        return log.store()
                .readConsistently(
                        view ->
                                new Answer<>(
                                        new CatalogReader(view, codec).get(catalog, key),
                                        view.appliedIndex().value(),
                                        isStale(consistency)));
    }

    @Override
    public <K, R> Answer<Page<K, R>> page(
            Catalog<K, R> catalog,
            Page.Request request,
            List<Condition> conditions,
            Consistency consistency) {
        Filter<R> filter = Filter.of(catalog, conditions);
        reach(consistency);
        return log.store()
                .readConsistently(
                        view ->
                                new Answer<>(
                                        filtered(
                                                new CatalogReader(view, codec),
                                                catalog,
                                                request,
                                                filter),
                                        view.appliedIndex().value(),
                                        isStale(consistency)));
    }

    @Override
    public long localIndex() {
        return log.appliedIndex().value();
    }

    @Override
    public ChangeBatch read(ChangePosition after, int limit) {
        return log.store().readConsistently(view -> new ChangeFeed(view).read(after, limit));
    }

    @Override
    public long appliedIndex() {
        return localIndex();
    }

    @Override
    public RecordCodec codec() {
        return codec;
    }

    private static <K, R> Page<K, R> filtered(
            CatalogReader reader, Catalog<K, R> catalog, Page.Request request, Filter<R> filter) {
        if (filter.isEmpty()) {
            return reader.page(catalog, request);
        }
        List<Versioned<K, R>> found = new ArrayList<>();
        int scanned = 0;
        Page.Request next = new Page.Request(request.prefix(), request.cursor(), Page.LIMIT_MAX);
        while (scanned < SCAN_COUNT_MAX) {
            Page<K, R> page = reader.page(catalog, next);
            for (int i = 0; i < page.entries().size(); i++) {
                Versioned<K, R> entry = page.entries().get(i);
                if (filter.accepts(entry.value())) {
                    found.add(entry);
                }
                boolean isLast = i == page.entries().size() - 1 && page.next().isEmpty();
                if (found.size() == request.limit() && !isLast) {
                    return new Page<>(found, Optional.of(catalog.keyForm().print(entry.key())));
                }
            }
            if (page.next().isEmpty()) {
                return new Page<>(found, Optional.empty());
            }
            scanned += page.entries().size();
            next = next.after(page.next().get());
        }
        return new Page<>(found, next.cursor());
    }

    private boolean isStale(Consistency consistency) {
        return !(consistency instanceof Consistency.Linearizable) && stale.getAsBoolean();
    }

    private void reach(Consistency consistency) {
        switch (consistency) {
            case Consistency.Local _ -> {
                // Whatever is here.
            }
            case Consistency.Session session -> {
                if (log.appliedIndex().value() < session.index()) {
                    await(log.awaitApplied(new LogIndex(session.index())), session.patience());
                }
            }
            case Consistency.Linearizable linearizable ->
                    await(log.readBarrier(), linearizable.patience());
        }
    }

    private static void await(CompletableFuture<LogIndex> reached, Duration patience) {
        try {
            reached.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new UnavailableException("the asked-for state was not reached in time", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ConsensusException known
                    ? known
                    : new UnavailableException("the asked-for state was not reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for the asked-for state", e);
        }
    }
}
