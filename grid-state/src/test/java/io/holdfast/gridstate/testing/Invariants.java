package io.holdfast.gridstate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.layer.HolderEntry;
import io.holdfast.gridstate.layer.HolderKey;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.layer.LayerEntry;
import io.holdfast.gridstate.layer.LayerState;
import io.holdfast.gridstate.rollout.GenerationKey;
import io.holdfast.gridstate.rollout.InstanceEntry;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.LinkEntry;
import io.holdfast.gridstate.rollout.ObjectEntry;
import io.holdfast.gridstate.rollout.RolloutCatalogs;
import io.holdfast.gridstate.rollout.RolloutEntry;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.TenantEntry;
import io.holdfast.hostio.id.ChunkId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What must hold of the whole state after every entry: counts and indexes against the records they stand
/// for, and the promises of each catalog.
public final class Invariants {
    private final GridHarness grid;

    public Invariants(GridHarness grid) {
        this.grid = grid;
    }

    public void check() {
        snapshots();
        layers();
        chunks();
        rollouts();
        access();
        cluster();
    }

    private void snapshots() {
        Map<String, Long> used = new HashMap<>();
        Map<ApplicationKey, Integer> ready = new HashMap<>();
        Map<ApplicationKey, Integer> all = new HashMap<>();
        Set<String> making = new HashSet<>();
        for (Versioned<SnapshotKey, SnapshotEntry> row : rows(SnapshotCatalogs.SNAPSHOTS)) {
            SnapshotEntry entry = row.value();
            ApplicationKey application = row.key().application();
            used.merge(application.tenant(), entry.chargedBytes(), Long::sum);
            all.merge(application, 1, Integer::sum);
            if (entry.state() instanceof SnapshotState.Ready && !entry.isProtected()) {
                ready.merge(application, 1, Integer::sum);
            }
            if (entry.state() instanceof SnapshotState.Making) {
                assertTrue(making.add(application + entry.hostClass().label()), "two makers: " + row);
            }
        }
        for (Versioned<String, TenantEntry> row : rows(SnapshotCatalogs.TENANTS)) {
            assertEquals(used.getOrDefault(row.key(), 0L), row.value().usedBytes());
        }
        int aged = 0;
        for (Versioned<ApplicationKey, ApplicationEntry> row : rows(SnapshotCatalogs.APPLICATIONS)) {
            assertEquals(ready.getOrDefault(row.key(), 0), row.value().readyCount());
            assertEquals(all.getOrDefault(row.key(), 0), row.value().snapshotCount());
            aged += row.value().readyCount();
        }
        assertEquals(aged, keys("snapshots-by-age").size());
    }

    private void layers() {
        Map<String, Integer> referrers = new HashMap<>();
        for (byte[] key : keys("layer-referrers")) {
            String text = new String(key, UTF_8);
            referrers.merge(text.substring(0, text.indexOf('\0')), 1, Integer::sum);
        }
        Map<String, Integer> holders = new HashMap<>();
        for (Versioned<HolderKey, HolderEntry> row : rows(LayerCatalogs.HOLDERS)) {
            holders.merge(row.key().layer().value(), 1, Integer::sum);
        }
        for (Versioned<io.holdfast.hostio.id.LayerDigest, LayerEntry> row : rows(LayerCatalogs.LAYERS)) {
            String digest = row.key().value();
            int count = row.value().state() instanceof LayerState.Referenced(int counted) ? counted : 0;
            assertEquals(Optional.ofNullable(referrers.remove(digest)).orElse(0), count);
            assertEquals(Optional.ofNullable(holders.remove(digest)).orElse(0), row.value().holderCount());
        }
        assertTrue(referrers.isEmpty() && holders.isEmpty(), "of no layer: " + referrers + holders);
    }

    private void chunks() {
        Map<StreamId, Integer> chunks = new HashMap<>();
        Map<StreamId, Integer> open = new HashMap<>();
        int places = 0;
        Set<ChunkId> atRisk = new HashSet<>(ChunkIndexes.atRisk(grid.store(), Optional.empty(), 10_000));
        for (Versioned<ChunkId, ChunkEntry> row : rows(ChunkCatalogs.CHUNKS)) {
            StreamId stream = StreamId.of(row.key());
            StreamEntry streamEntry = grid.get(ChunkCatalogs.STREAMS, stream);
            ChunkEntry chunk = row.value();
            chunks.merge(stream, 1, Integer::sum);
            places += chunk.places().size();
            assertTrue(row.key().low() < streamEntry.nextChunk());
            assertTrue(!chunk.token().isAfter(streamEntry.token()));
            assertEquals(
                    chunk.places().size(),
                    chunk.places().stream().map(place -> place.node()).distinct().count());
            switch (chunk.state()) {
                case ChunkState.Open _ -> open.merge(stream, 1, Integer::sum);
                case ChunkState.AtRisk _ -> assertTrue(atRisk.remove(row.key()));
                case ChunkState.Sealed _, ChunkState.Released _ ->
                    assertTrue(!atRisk.contains(row.key()), "not at risk: " + row);
            }
        }
        for (ChunkId chunk : atRisk) {
            assertTrue(grid.get(ChunkCatalogs.CHUNKS, chunk).state() instanceof ChunkState.Open);
        }
        for (Versioned<StreamId, StreamEntry> row : rows(ChunkCatalogs.STREAMS)) {
            assertEquals(chunks.getOrDefault(row.key(), 0), (int) row.value().chunkCount());
            assertEquals(open.getOrDefault(row.key(), 0), row.value().openCount());
        }
        assertEquals(places, keys("chunks-by-place").size());
        assertEquals(rows(ChunkCatalogs.STREAMS).size(), keys("stream-names").size());
    }

    private void rollouts() {
        Map<String, Integer> instances = new HashMap<>();
        Map<String, Integer> moved = new HashMap<>();
        for (Versioned<InstanceKey, InstanceEntry> row : rows(RolloutCatalogs.INSTANCES)) {
            InstanceEntry instance = row.value();
            String name = row.key().object();
            ObjectEntry object = grid.get(RolloutCatalogs.OBJECTS, name);
            instances.merge(name, 1, Integer::sum);
            LinkEntry link = grid.get(RolloutCatalogs.LINKS, instance.link());
            assertEquals(row.key(), link.instance());
            assertEquals(instance.generation(), link.generation());
            GenerationKey generation = new GenerationKey(name, link.generation());
            assertEquals(grid.get(RolloutCatalogs.GENERATIONS, generation).location(), link.location());
            if (instance.generation() != object.generation()) {
                RolloutEntry active =
                        grid.get(RolloutCatalogs.ROLLOUTS, object.activeRollout().orElseThrow());
                assertEquals(active.generation(), instance.generation());
                assertEquals(active.base(), object.generation());
                moved.merge(object.activeRollout().orElseThrow(), 1, Integer::sum);
            }
        }
        assertEquals(rows(RolloutCatalogs.INSTANCES).size(), rows(RolloutCatalogs.LINKS).size());
        assertEquals(rows(RolloutCatalogs.INSTANCES).size(), keys("instances-by-generation").size());
        for (Versioned<String, ObjectEntry> row : rows(RolloutCatalogs.OBJECTS)) {
            assertEquals(instances.getOrDefault(row.key(), 0), row.value().instanceCount());
        }
        for (Versioned<String, RolloutEntry> row : rows(RolloutCatalogs.ROLLOUTS)) {
            ObjectEntry object = grid.get(RolloutCatalogs.OBJECTS, row.value().plan().object());
            boolean isActive = object.activeRollout().equals(Optional.of(row.key()));
            assertEquals(!row.value().state().isOver(), isActive);
            if (isActive) {
                assertEquals(
                        moved.getOrDefault(row.key(), 0), row.value().progress().moved());
            }
        }
    }

    private void access() {
        int tokens = rows(AccessCatalogs.USER_TOKENS).size();
        assertEquals(tokens, rows(AccessCatalogs.TOKEN_HASHES).size());
        int counted = rows(AccessCatalogs.USERS).stream()
                .mapToInt(row -> row.value().tokenCount())
                .sum();
        assertEquals(counted, tokens);
    }

    private void cluster() {
        Set<Integer> numbers = new HashSet<>();
        int members = 0;
        for (var row : rows(ClusterCatalogs.NODES)) {
            assertTrue(numbers.add(row.value().number()), "a number given twice: " + row);
            members += row.value().isEvicted() ? 0 : 1;
        }
        for (var row : rows(ClusterCatalogs.CLUSTER)) {
            assertEquals(members, row.value().nodeCount());
            assertTrue(members > 0, "nobody is left");
        }
        assertEquals(rows(ClusterCatalogs.JOIN_TOKENS).size(), keys("join-tokens-by-expiry").size());
    }

    private <K, R> List<Versioned<K, R>> rows(Catalog<K, R> catalog) {
        List<Versioned<K, R>> all = new ArrayList<>();
        Page.Request request = Page.Request.first(100);
        while (true) {
            Page<K, R> page = grid.reader().page(catalog, request);
            all.addAll(page.entries());
            if (page.next().isEmpty()) {
                return all;
            }
            request = request.after(page.next().get());
        }
    }

    private List<byte[]> keys(String keyspace) {
        List<byte[]> keys = new ArrayList<>();
        grid.store().scan(new Keyspace(keyspace), new byte[0], new byte[0], (key, _) -> {
            keys.add(key);
            return true;
        });
        return keys;
    }
}
