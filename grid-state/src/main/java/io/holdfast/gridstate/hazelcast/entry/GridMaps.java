package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.IPartition;
import com.hazelcast.internal.partition.IPartitionService;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.MapServiceContext;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.query.PagingPredicate;
import com.hazelcast.query.Predicate;
import com.hazelcast.query.Predicates;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.operationservice.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The grid's maps, by catalog and by partition. Concurrent. Calls fail with the vendor's exceptions when
/// members are lost on the way, or this member is closed; all of them may be repeated.
public final class GridMaps {
    /// How long the mark of a removal stays. It has to outlive whatever could still publish the record that
    /// was removed: a batch lives as long as [#CALL_MILLIS_MAX] at most.
    public static final long TOMBSTONE_MILLIS = 10 * 60_000;

    /// After this long an unanswered call has failed.
    public static final long CALL_MILLIS_MAX = 10_000;

    private static final String WATERMARK_KEY = "watermark";

    private final HazelcastInstance instance;
    private final NodeEngine engine;
    private final MapServiceContext context;
    private final IPartitionService partitions;
    private final GridSchema schema;

    /// Made when first asked for: with its indexes a map costs a call to every partition, and two dozen of
    /// them would keep a starting member waiting.
    private final Map<String, IMap<GridKey, GridValue>> maps = new ConcurrentHashMap<>();
    private final IMap<String, GridWatermark> watermarks;

    public GridMaps(HazelcastInstance instance, GridSchema schema) {
        this.instance = instance;
        this.engine = engineOf(instance);
        this.context = engine.<MapService>getService(MapService.SERVICE_NAME).getMapServiceContext();
        this.partitions = engine.getPartitionService();
        this.schema = schema;
        this.watermarks = instance.getMap(MapLayout.WATERMARK_MAP);
    }

    private static NodeEngine engineOf(HazelcastInstance instance) {
        HazelcastInstanceImpl original = instance instanceof HazelcastInstanceProxy proxy
                ? proxy.getOriginal()
                : (HazelcastInstanceImpl) instance;
        return original.node.getNodeEngine();
    }

    public int partitionCount() {
        return partitions.getPartitionCount();
    }

    public int partitionOf(GridKey key) {
        return partitions.getPartitionId(engine.toData(key));
    }

    /// The value that this member itself holds, as owner or as backup; null if it holds none. Neither waits
    /// nor asks anybody.
    public @Nullable GridValue held(String catalog, GridKey key) {
        Data data = engine.toData(key);
        int partition = partitions.getPartitionId(data);
        if (!isHolder(partition)) {
            return null;
        }
        RecordStore<?> store = context.getPartitionContainer(partition).getExistingRecordStore(catalog);
        Data value = store == null ? null : store.readBackupData(data);
        return value == null ? null : engine.toObject(value);
    }

    /// Whether this member itself should hold the key, as owner or as backup.
    public boolean isHolder(GridKey key) {
        return isHolder(partitionOf(key));
    }

    /// The partition table names more replicas than the maps keep: those beyond the backups hold nothing.
    private boolean isHolder(int partition) {
        IPartition replicas = partitions.getPartition(partition, false);
        for (int i = 0; i <= MapLayout.BACKUPS; i++) {
            if (engine.getThisAddress().equals(replicas.getReplicaAddress(i))) {
                return true;
            }
        }
        return false;
    }

    /// Asks the owner.
    public CompletionStage<Optional<GridValue>> fetch(String catalog, GridKey key) {
        return map(catalog).getAsync(key).thenApply(Optional::ofNullable);
    }

    /// Replaces what is older, on the partition's owner and its backup; completes when both have it.
    public CompletableFuture<?> applyNewer(String catalog, int partition, List<GridEntry> entries) {
        ApplyNewer processor = new ApplyNewer(entries, TOMBSTONE_MILLIS);
        Set<Data> keys = HashSet.newHashSet(entries.size());
        for (GridKey key : processor.keys()) {
            keys.add(engine.toData(key));
        }
        return invoke(new ApplyNewerOperation(catalog, keys, processor), partition);
    }

    /// The fingerprint of what a partition's owner holds up to an index.
    public CompletableFuture<PartitionDigest> digest(String catalog, int partition, long indexMax) {
        return invoke(new DigestOperation(catalog, indexMax), partition);
    }

    /// What a partition's owner holds.
    public CompletableFuture<PartitionListing> listing(String catalog, int partition) {
        return invoke(new ListingOperation(catalog), partition);
    }

    private <T> CompletableFuture<T> invoke(Operation operation, int partition) {
        return engine.getOperationService()
                .createInvocationBuilder(MapService.SERVICE_NAME, operation, partition)
                .setCallTimeout(CALL_MILLIS_MAX)
                .invoke();
    }

    /// Records that suit all filters, in the order of keys.
    ///
    /// @param prefix what the stored keys begin with; empty for all
    /// @param after the stored key to go on behind; null for the beginning
    public List<GridEntry> query(
            String catalog, List<GridFilter> filters, byte[] prefix, byte @Nullable [] after, int limit) {
        List<Predicate<GridKey, GridValue>> all = new ArrayList<>();
        filters.forEach(filter -> all.add(predicate(catalog, filter)));
        all.add(new AfterKey(prefix, after == null ? prefix : after, after != null));
        PagingPredicate<GridKey, GridValue> page = Predicates.pagingPredicate(
                Predicates.and(all.toArray(new Predicate<?, ?>[0])), new ByKey(), limit);
        return map(catalog).entrySet(page).stream()
                .map(entry -> new GridEntry(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Predicate<GridKey, GridValue> predicate(String catalog, GridFilter filter) {
        String expression = MapLayout.expression(catalog, filter.attribute());
        return switch (filter) {
            case GridFilter.Equal equal -> Predicates.equal(expression, equal.value());
            case GridFilter.AtLeast atLeast -> Predicates.greaterEqual(expression, atLeast.value());
            case GridFilter.AtMost atMost -> Predicates.lessEqual(expression, atMost.value());
        };
    }

    /// How far the grid has been published to; absent if nobody has said so since it began.
    public CompletionStage<Optional<GridWatermark>> watermark() {
        return watermarks.getAsync(WATERMARK_KEY).thenApply(Optional::ofNullable);
    }

    /// Moves the watermark on and answers what stands then: of a later term, if another leader has it.
    public CompletionStage<GridWatermark> advance(GridWatermark next) {
        return watermarks.submitToKey(WATERMARK_KEY, new AdvanceWatermark(next));
    }

    /// Called with each watermark that arrives here, on a thread of the grid.
    public void onWatermark(Consumer<GridWatermark> listener) {
        EntryAddedListener<String, GridWatermark> added = event -> listener.accept(event.getValue());
        EntryUpdatedListener<String, GridWatermark> updated = event -> listener.accept(event.getValue());
        watermarks.addEntryListener(added, true);
        watermarks.addEntryListener(updated, true);
    }

    /// Called with the number of a partition of which no copy is left, on a thread of the grid.
    public void onPartitionLost(IntConsumer listener) {
        instance.getPartitionService().addPartitionLostListener(event -> {
            // Zero copies left beside the owner's, which is the one that went.
            if (event.getLostBackupCount() >= 1 || event.allReplicasInPartitionLost()) {
                listener.accept(event.getPartitionId());
            }
        });
    }

    /// Records and tombstones in a catalog's map, over all members.
    public int size(String catalog) {
        return map(catalog).size();
    }

    /// Records and tombstones that this member owns, over the maps it has made; counted without asking
    /// others.
    public long localEntryCount() {
        return maps.values().stream()
                .mapToLong(map -> map.getLocalMapStats().getOwnedEntryCount())
                .sum();
    }

    private IMap<GridKey, GridValue> map(String catalog) {
        IMap<GridKey, GridValue> made = maps.get(catalog);
        if (made != null) {
            return made;
        }
        if (!schema.serves(catalog)) {
            throw new IllegalArgumentException("the grid serves no such catalog: catalog=" + catalog);
        }
        return maps.computeIfAbsent(catalog, instance::getMap);
    }
}
