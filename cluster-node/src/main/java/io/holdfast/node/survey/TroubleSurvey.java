package io.holdfast.node.survey;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.operation.OperationCatalogs;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.placement.PlacementCatalogs;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.rollout.RolloutCatalogs;
import io.holdfast.gridstate.rollout.RolloutState;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.ChangeSource;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.http.port.TroubleView;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which records of this node's own store tell of trouble: the catalogs are read through once, some thousand
/// records at each look, and from then on only what changed. A look therefore costs as much as happened since
/// the one before, however many records there are. Begins anew after a pause so long that changes were
/// dropped. Concurrent: guarded by its own lock.
public final class TroubleSurvey implements TroubleView {
    /// Some hundredths of a second of work.
    private static final int RECORDS_PER_LOOK_MAX = 5_000;

    private static final int CHANGES_PER_LOOK_MAX = 20_000;
    private static final int BATCH_CHANGES = 5_000;

    /// Keys that are kept of each kind; more of them are counted as so many.
    private static final int KEYS_MAX = 10_000;

    private static final int EXAMPLES_MAX = 5;

    private final CatalogReads reads;
    private final ChangeSource changes;
    private final ReentrantLock looking = new ReentrantLock();
    private final List<Kind<?, ?>> kinds = List.of(
            new Kind<>(SnapshotCatalogs.SNAPSHOTS, "condemned",
                    snapshot -> snapshot.state() instanceof SnapshotState.Condemned),
            new Kind<>(PlacementCatalogs.PLACEMENTS, "failing",
                    placement -> placement.state() instanceof PlacementState.Failing),
            new Kind<>(RolloutCatalogs.ROLLOUTS, "failed",
                    rollout -> rollout.state() instanceof RolloutState.Failed),
            new Kind<>(OperationCatalogs.OPERATIONS, "failed",
                    operation -> operation.state() instanceof OperationState.Failed));
    private @Nullable ChangePosition position;

    /// What is looked for in one catalog, and what was found. Guarded by the survey's lock.
    private static final class Kind<K, R> {
        private final Catalog<K, R> catalog;
        private final String state;
        private final Predicate<R> isTrouble;
        private final NavigableSet<String> keys = new TreeSet<>();
        private Optional<String> cursor = Optional.empty();
        private boolean isRead;
        private boolean isMore;

        Kind(Catalog<K, R> catalog, String state, Predicate<R> isTrouble) {
            this.catalog = catalog;
            this.state = state;
            this.isTrouble = isTrouble;
        }

        void beginAnew() {
            keys.clear();
            cursor = Optional.empty();
            isRead = false;
            isMore = false;
        }

        /// Reads a page; gives how many records it had.
        int readOn(CatalogReads reads) {
            Page<K, R> page = reads.page(
                            catalog, new Page.Request("", cursor, Page.LIMIT_MAX), List.of(),
                            new Consistency.Local())
                    .value();
            page.entries().forEach(this::note);
            cursor = page.next();
            isRead = cursor.isEmpty();
            return page.entries().size();
        }

        void follow(Change change, RecordCodec codec) {
            byte[] stored = change.stored();
            if (stored != null) {
                note(catalog.decode(change.key(), stored, codec));
            } else {
                keys.remove(catalog.keyForm().print(catalog.keyForm().decode(change.key())));
            }
            if (isMore && keys.size() < KEYS_MAX / 2) {
                beginAnew();
            }
        }

        private void note(Versioned<K, R> entry) {
            String key = catalog.keyForm().print(entry.key());
            if (!isTrouble.test(entry.value())) {
                keys.remove(key);
            } else if (keys.size() < KEYS_MAX) {
                keys.add(key);
            } else {
                isMore |= !keys.contains(key);
            }
        }

        Trouble found() {
            return new Trouble(catalog.name(), state, keys.size(),
                    keys.stream().limit(EXAMPLES_MAX).toList());
        }
    }

    /// @param reads this node's own store
    /// @param changes what is applied to that store
    public TroubleSurvey(CatalogReads reads, ChangeSource changes) {
        this.reads = reads;
        this.changes = changes;
    }

    @Override
    public Troubles troubles() {
        looking.lock();
        try {
            readOn();
            boolean isAtEnd = follow();
            return new Troubles(
                    kinds.stream().filter(kind -> !kind.keys.isEmpty()).map(Kind::found).toList(),
                    isAtEnd && kinds.stream().allMatch(kind -> kind.isRead && !kind.isMore));
        } finally {
            looking.unlock();
        }
    }

    /// What changes while the catalogs are read follows from the position taken before.
    private void readOn() {
        if (position == null) {
            position = ChangePosition.endOf(changes.appliedIndex());
            kinds.forEach(Kind::beginAnew);
        }
        int seen = 0;
        for (Kind<?, ?> kind : kinds) {
            while (!kind.isRead && seen < RECORDS_PER_LOOK_MAX) {
                seen += kind.readOn(reads);
            }
        }
    }

    private boolean follow() {
        for (int seen = 0; position != null && seen < CHANGES_PER_LOOK_MAX; ) {
            switch (changes.read(position, BATCH_CHANGES)) {
                case ChangeBatch.PositionTooOld _ -> position = null;
                case ChangeBatch.Changes batch when batch.changes().isEmpty() -> {
                    return true;
                }
                case ChangeBatch.Changes batch -> {
                    batch.changes().forEach(this::follow);
                    position = batch.next();
                    seen += batch.changes().size();
                }
            }
        }
        return false;
    }

    private void follow(Change change) {
        for (Kind<?, ?> kind : kinds) {
            if (kind.catalog.name().equals(change.catalog())) {
                kind.follow(change, changes.codec());
            }
        }
    }
}
