package io.holdfast.gridstate.hazelcast.publish;

import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridKey;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.entry.GridValue;
import io.holdfast.gridstate.hazelcast.entry.GridWatermark;
import io.holdfast.gridstate.hazelcast.entry.PartitionDigest;
import io.holdfast.gridstate.hazelcast.entry.PartitionListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Compares the grid with the ledger's store of this node, while both are in use. Immutable; each comparison
/// is confined to its caller's thread, which it occupies for a while.
///
/// First the fingerprints of all partitions, then, where these differ, key by key. It judges only what stood
/// in the ledger when it began (`index <= asOf`), and looks into the grid only after the publisher has come
/// as far as the store had when it was read; so what is merely on its way is never counted.
public final class GridAudit {
    /// Keys that one detailed look keeps in memory at once, roughly.
    private static final long DETAIL_ENTRIES_MAX = 100_000;

    private static final int CATCH_UP_MILLIS_MAX = 10_000;
    private static final int CATCH_UP_POLL_MILLIS = 10;

    private final Grid grid;
    private final GridMaps maps;
    private final BooleanSupplier mayRepair;
    private final Breather breather;

    /// A place where a long walk gives way to others.
    @FunctionalInterface
    interface Breather {
        void pause(long millis) throws InterruptedException;
    }

    GridAudit(Grid grid, BooleanSupplier mayRepair, Breather breather) {
        this.grid = grid;
        this.maps = grid.maps();
        this.mayRepair = mayRepair;
        this.breather = breather;
    }

    /// A comparison that changes nothing and may run on any node.
    public static GridAudit readOnly(Grid grid) {
        Wakeup never = new Wakeup();
        return new GridAudit(grid, () -> false, never::await);
    }

    /// Compares everything.
    ///
    /// @throws GridUnavailableException if the grid does not answer, or does not come as far as the store
    public AuditReport compare(StateStore store) throws InterruptedException {
        BitSet all = new BitSet();
        all.set(0, maps.partitionCount());
        return compare(store, all);
    }

    AuditReport compare(StateStore store, BitSet partitions) throws InterruptedException {
        AuditReport report = AuditReport.NONE;
        for (Catalog<?, ?> catalog : grid.schema().catalogs()) {
            report = report.plus(compare(store, catalog, partitions));
        }
        return report;
    }

    private AuditReport compare(StateStore store, Catalog<?, ?> catalog, BitSet partitions)
            throws InterruptedException {
        long asOf = store.appliedIndex().value();
        PartitionDigest[] expected = new PartitionDigest[maps.partitionCount()];
        Arrays.fill(expected, PartitionDigest.EMPTY);
        walk(store, catalog, (entry, partition) -> {
            if (partitions.get(partition) && entry.value().index() <= asOf) {
                expected[partition] =
                        expected[partition].plus(entry.key().bytes(), entry.value().index());
            }
        });
        awaitPublished(store.appliedIndex().value());
        BitSet differing = new BitSet();
        long compared = 0;
        for (int partition : partitions.stream().toArray()) {
            compared += expected[partition].count();
            PartitionDigest found = PartitionedSend.await(maps.digest(catalog.name(), partition, asOf));
            if (!found.equals(expected[partition])) {
                differing.set(partition);
            }
        }
        AuditReport report = new AuditReport(compared, 0, 0, 0, differing.cardinality(), 0);
        for (BitSet group : groups(differing, expected)) {
            report = report.plus(compareInDetail(store, catalog, group));
        }
        return report;
    }

    /// As many partitions at once as keep within the memory bound: each group costs one walk over the store.
    private static List<BitSet> groups(BitSet differing, PartitionDigest[] expected) {
        List<BitSet> groups = new ArrayList<>();
        BitSet group = new BitSet();
        long entries = 0;
        for (int partition : differing.stream().toArray()) {
            if (!group.isEmpty() && entries + expected[partition].count() > DETAIL_ENTRIES_MAX) {
                groups.add(group);
                group = new BitSet();
                entries = 0;
            }
            group.set(partition);
            entries += expected[partition].count();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    private AuditReport compareInDetail(StateStore store, Catalog<?, ?> catalog, BitSet partitions)
            throws InterruptedException {
        long asOf = store.appliedIndex().value();
        Map<Integer, Map<GridKey, GridValue>> expected = new HashMap<>();
        partitions.stream().forEach(partition -> expected.put(partition, new HashMap<>()));
        walk(store, catalog, (entry, partition) -> {
            Map<GridKey, GridValue> records = expected.get(partition);
            if (records != null) {
                records.put(entry.key(), entry.value());
            }
        });
        awaitPublished(store.appliedIndex().value());
        AuditReport report = AuditReport.NONE;
        for (Map.Entry<Integer, Map<GridKey, GridValue>> each : expected.entrySet()) {
            PartitionListing listing = PartitionedSend.await(maps.listing(catalog.name(), each.getKey()));
            report = report.plus(settle(catalog.name(), new Comparison(asOf, each.getValue(), listing)));
        }
        return report;
    }

    private AuditReport settle(String catalog, Comparison comparison) throws InterruptedException {
        Comparison.Differences differences = comparison.differences();
        long repaired = 0;
        if (!differences.remedies().isEmpty() && mayRepair.getAsBoolean()) {
            PartitionedSend send = new PartitionedSend(maps);
            differences.remedies().forEach(remedy -> send.add(catalog, remedy));
            send.finish();
            repaired = send.count();
        }
        return new AuditReport(
                0, differences.missing(), differences.stale(), differences.surplus(), 0, repaired);
    }

    private void walk(StateStore store, Catalog<?, ?> catalog, EntryVisitor visitor)
            throws InterruptedException {
        Optional<Cursor> cursor = Optional.of(Cursor.START);
        while (cursor.isPresent()) {
            CatalogPages.Piece piece = CatalogPages.read(store, catalog, cursor.get());
            for (GridEntry entry : piece.entries()) {
                visitor.visit(entry, maps.partitionOf(entry.key()));
            }
            cursor = piece.next();
            if (cursor.isPresent()) {
                breather.pause(1);
            }
        }
    }

    private void awaitPublished(long index) throws InterruptedException {
        ChangePosition wanted = ChangePosition.endOf(index);
        for (int waited = 0; waited <= CATCH_UP_MILLIS_MAX; waited += CATCH_UP_POLL_MILLIS) {
            Optional<GridWatermark> watermark = PartitionedSend.await(maps.watermark());
            if (watermark.isPresent() && watermark.get().position().compareTo(wanted) >= 0) {
                return;
            }
            breather.pause(CATCH_UP_POLL_MILLIS);
        }
        throw new GridUnavailableException("the grid did not come as far as the store: index=" + index
                + " timeoutMillis=" + CATCH_UP_MILLIS_MAX);
    }

    @FunctionalInterface
    private interface EntryVisitor {
        void visit(GridEntry entry, int partition);
    }
}
