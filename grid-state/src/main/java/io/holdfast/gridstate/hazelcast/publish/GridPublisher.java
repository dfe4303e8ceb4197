package io.holdfast.gridstate.hazelcast.publish;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangeFeed;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.entry.GridWatermark;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Fenced;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Idle;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Locating;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Publishing;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Refilling;
import io.holdfast.gridstate.hazelcast.publish.PublisherState.Stopped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the ledger's changes to the grid while this node holds the leader's lease. One per node.
///
/// The state is confined to the publisher's thread; [#wake], [#relocate], [#status] and [#close] may be
/// called from any. Whatever fails is tried again from the same position; nothing is ever skipped.
public final class GridPublisher implements AutoCloseable {
    /// How often the watermark is written where nothing changes: what other nodes take for a sign of life.
    public static final long BEAT_MILLIS = 1_000;

    /// The first change after a rest is published at once, those that follow it gather for so long: each
    /// batch costs a few messages, however little is in it.
    private static final long PACE_NANOS = 10_000_000;

    private static final int BATCH_CHANGES_MIN = 64;
    private static final int BATCH_CHANGES_MAX = 4_096;
    private static final long RETRY_MILLIS = 200;
    private static final long STOP_MILLIS_MAX = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(GridPublisher.class);

    private final Grid grid;
    private final GridMaps maps;
    private final ReplicatedLog log;
    private final LongSupplier nanoClock;
    private final Runnable onCompleteRequested;
    private final List<Catalog<?, ?>> catalogs;
    private final Wakeup wakeup = new Wakeup();
    private final AtomicBoolean relocation = new AtomicBoolean();
    private final PublisherCounters counters = new PublisherCounters();
    private final PublishedIndex progress = new PublishedIndex();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile PublisherState state = new Idle();
    private int batchChanges = BATCH_CHANGES_MIN;
    private long beat;
    private long beatNanos;
    private long batchNanos;

    /// @param onCompleteRequested called when the grid should be compared as a whole: a leader took over, or
    /// a refill ended
    public GridPublisher(Grid grid, ReplicatedLog log, LongSupplier nanoClock, Runnable onCompleteRequested) {
        this.grid = grid;
        this.maps = grid.maps();
        this.log = log;
        this.nanoClock = nanoClock;
        this.onCompleteRequested = onCompleteRequested;
        this.catalogs = List.copyOf(grid.schema().catalogs());
        this.batchNanos = nanoClock.getAsLong() - PACE_NANOS;
        this.thread = Thread.ofPlatform().daemon().name("grid-publisher").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// There may be something to publish: an entry was applied, or leadership changed.
    public void wake() {
        wakeup.signal();
    }

    /// The grid is not the one it was: asks it again how far it has been published to.
    public void relocate() {
        relocation.set(true);
        wakeup.signal();
    }

    /// Waits until this node has published the entry and everything before it; false if it has not in time,
    /// as always on a node that does not lead.
    public boolean awaitPublished(LogIndex index, long timeoutMillis) throws InterruptedException {
        return progress.await(index.value(), timeoutMillis);
    }

    public PublisherStatus status() {
        return counters.status(state);
    }

    /// Stops after the batch that is on its way.
    @Override
    public void close() {
        stopping = true;
        wakeup.end();
        if (thread.isAlive()) {
            try {
                thread.join(STOP_MILLIS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (!stopping && grid.isOpen()) {
                if (!doWork()) {
                    wakeup.await(BEAT_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Outermost frame: whatever it is will not go away by trying again, and is seen in the status.
            LOG.error("the grid's publisher failed and stops: state={}", state.label(), e);
            transitionTo(new Stopped(), "failed: " + e);
            return;
        }
        transitionTo(new Stopped(), "closed");
    }

    /// One step; whether there is more to do at once.
    private boolean doWork() throws InterruptedException {
        try {
            return step();
        } catch (GridUnavailableException | HazelcastException | HazelcastInstanceNotActiveException e) {
            counters.countFailure();
            if (!stopping && grid.isOpen()) {
                LOG.warn("publishing failed, tried again: state={} retryMillis={} cause={}",
                        state.label(), RETRY_MILLIS, e.toString());
                wakeup.await(RETRY_MILLIS);
            }
            return true;
        }
    }

    private boolean step() throws InterruptedException {
        if (!log.holdsLeaderLease()) {
            if (!(state instanceof Idle)) {
                transitionTo(new Idle(), "the lease is not held");
            }
            return false;
        }
        Term term = log.leadership().term();
        if (relocation.getAndSet(false) && !(state instanceof Idle)) {
            transitionTo(new Locating(term), "the grid changed");
            return true;
        }
        return switch (state) {
            case Idle _ -> locateAnew(term, "the lease is held");
            case Locating locating ->
                locating.term().equals(term) ? locate(term) : locateAnew(term, "new term");
            case Refilling refilling ->
                refilling.term().equals(term) ? refill(refilling) : locateAnew(term, "new term");
            case Publishing publishing ->
                publishing.term().equals(term) ? publish(publishing) : locateAnew(term, "new term");
            case Fenced fenced -> !fenced.by().isAfter(term) && locateAnew(term, "the later term is ours");
            case Stopped _ -> false;
        };
    }

    private boolean locateAnew(Term term, String reason) {
        transitionTo(new Locating(term), reason);
        return true;
    }

    private boolean locate(Term term) throws InterruptedException {
        Optional<GridWatermark> found = PartitionedSend.await(maps.watermark());
        StateStore store = log.store();
        if (found.isEmpty() || found.get().position().index() > store.appliedIndex().value()) {
            transitionTo(refillFrom(term), "the grid does not say how far it has been published to");
            return true;
        }
        ChangePosition position = found.get().position();
        if (advance(term, position)) {
            transitionTo(new Publishing(term, position), "going on from the watermark");
            onCompleteRequested.run();
        }
        return true;
    }

    private Refilling refillFrom(Term term) {
        ChangePosition asOf = ChangePosition.endOf(log.store().appliedIndex().value());
        return new Refilling(term, asOf, 0, Cursor.START, 0);
    }

    private boolean refill(Refilling refilling) throws InterruptedException {
        if (refilling.catalogIndex() == catalogs.size()) {
            if (advance(refilling.term(), refilling.asOf())) {
                transitionTo(
                        new Publishing(refilling.term(), refilling.asOf()),
                        "refilled: records=" + refilling.copied());
                counters.countRefill();
                onCompleteRequested.run();
            }
            return true;
        }
        Catalog<?, ?> catalog = catalogs.get(refilling.catalogIndex());
        CatalogPages.Piece piece = CatalogPages.read(log.store(), catalog, refilling.cursor());
        PartitionedSend send = new PartitionedSend(maps);
        piece.entries().forEach(entry -> send.add(catalog.name(), entry));
        send.finish();
        counters.countPublished(send.count());
        // Not a transition: the same state, further on.
        state = refilling.after(send.count(), piece.next());
        return true;
    }

    private boolean publish(Publishing publishing) throws InterruptedException {
        gather();
        StateStore store = log.store();
        // Asked before reading: once nothing follows, everything up to this entry is in the grid, whether or
        // not its last commands changed anything.
        ChangePosition applied = ChangePosition.endOf(store.appliedIndex().value());
        ChangeBatch batch = new ChangeFeed(store).read(publishing.position(), batchChanges);
        return switch (batch) {
            case ChangeBatch.PositionTooOld tooOld -> {
                transitionTo(
                        refillFrom(publishing.term()),
                        "changes are no longer kept: position=" + publishing.position() + " oldest="
                                + tooOld.oldest());
                yield true;
            }
            case ChangeBatch.Changes changes when changes.changes().isEmpty() -> {
                catchUp(publishing, applied);
                yield false;
            }
            case ChangeBatch.Changes changes -> {
                batchNanos = nanoClock.getAsLong();
                send(changes.changes());
                ChangePosition reached = reached(changes, applied, store);
                if (advance(publishing.term(), reached)) {
                    state = new Publishing(publishing.term(), reached);
                }
                yield true;
            }
        };
    }

    /// Waits for company, unless there is more than enough already.
    private void gather() throws InterruptedException {
        long leftNanos = PACE_NANOS - (nanoClock.getAsLong() - batchNanos);
        if (batchChanges == BATCH_CHANGES_MIN && leftNanos > 0) {
            wakeup.pause(Math.min(leftNanos, PACE_NANOS));
        }
    }

    /// How far the grid has come with this batch. If nothing follows it, that is the end of an entry.
    private ChangePosition reached(ChangeBatch.Changes batch, ChangePosition applied, StateStore store) {
        boolean isLast = new ChangeFeed(store).read(batch.next(), 1) instanceof ChangeBatch.Changes following
                && following.changes().isEmpty();
        return isLast
                ? ChangePosition.endOf(Math.max(applied.index(), batch.next().index()))
                : batch.next();
    }

    private void send(List<Change> changes) throws InterruptedException {
        PartitionedSend send = new PartitionedSend(maps);
        for (Change change : changes) {
            if (grid.schema().serves(change.catalog())) {
                send.add(change.catalog(), GridEntry.of(change));
            }
        }
        send.finish();
        counters.countPublished(send.count());
        counters.countBatch();
        if (changes.size() == batchChanges) {
            batchChanges = Math.min(BATCH_CHANGES_MAX, batchChanges * 2);
        } else if (changes.size() < batchChanges / 4) {
            batchChanges = Math.max(BATCH_CHANGES_MIN, batchChanges / 2);
        }
    }

    /// Nothing is left to send: says so if that is news, or if it is time for a sign of life.
    private void catchUp(Publishing publishing, ChangePosition applied) throws InterruptedException {
        boolean isNews = applied.compareTo(publishing.position()) > 0;
        boolean isDue = nanoClock.getAsLong() - beatNanos >= BEAT_MILLIS * 1_000_000;
        if (isNews || isDue) {
            ChangePosition position = isNews ? applied : publishing.position();
            if (advance(publishing.term(), position)) {
                state = new Publishing(publishing.term(), position);
            }
        }
    }

    /// Writes the watermark; false if this publisher may not (any more), and then it has changed its state.
    private boolean advance(Term term, ChangePosition position) throws InterruptedException {
        if (!log.holdsLeaderLease()) {
            transitionTo(new Idle(), "the lease was lost");
            return false;
        }
        beat++;
        GridWatermark standing =
                PartitionedSend.await(maps.advance(new GridWatermark(term, position, beat)));
        if (standing.term().isAfter(term)) {
            transitionTo(new Fenced(term, standing.term()), "a later leader publishes");
            return false;
        }
        beatNanos = nanoClock.getAsLong();
        counters.advanced(position);
        boolean isWhole = position.ordinal() == Integer.MAX_VALUE;
        progress.advanced(isWhole ? position.index() : position.index() - 1);
        return true;
    }

    private void transitionTo(PublisherState next, String reason) {
        PublisherState before = state;
        if (!PublisherState.TRANSITIONS.getOrDefault(before.getClass(), Set.of()).contains(next.getClass())) {
            throw new IllegalStateException(
                    "no such transition: from=" + before.label() + " to=" + next.label());
        }
        state = next;
        counters.countTransition(reason);
        LOG.info("grid publisher {} -> {}, {}: term={} applied={}",
                before.label(), next.label(), reason, log.leadership().term(), log.appliedIndex());
    }
}
