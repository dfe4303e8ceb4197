package io.holdfast.gridstate.hazelcast.publish;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.hazelcast.entry.GridEntry;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Entries on their way into the grid, grouped by catalog and partition: one operation per group, carrying
/// nothing but that group's entries. Confined to the thread that fills and sends it.
final class PartitionedSend {
    /// An operation is split beyond this, so that no partition's thread is held for long.
    private static final int OPERATION_BYTES_MAX = 256 << 10;

    private final GridMaps maps;
    private final Map<Target, Group> groups = new HashMap<>();
    private final List<CompletableFuture<?>> sent = new ArrayList<>();
    private int count;

    PartitionedSend(GridMaps maps) {
        this.maps = maps;
    }

    void add(String catalog, GridEntry entry) {
        Target target = new Target(catalog, maps.partitionOf(entry.key()));
        Group group = groups.computeIfAbsent(target, _ -> new Group());
        group.entries.add(entry);
        group.bytes += entry.sizeBytes();
        count++;
        if (group.bytes >= OPERATION_BYTES_MAX) {
            groups.remove(target);
            send(target, group);
        }
    }

    int count() {
        return count;
    }

    /// Sends what is left and waits until all of it is there.
    ///
    /// @throws GridUnavailableException if some of it may not be; all of it may be sent again
    void finish() throws InterruptedException {
        groups.forEach(this::send);
        groups.clear();
        await(CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])));
        sent.clear();
    }

    private void send(Target target, Group group) {
        try {
            sent.add(maps.applyNewer(target.catalog, target.partition, group.entries));
        } catch (HazelcastException | HazelcastInstanceNotActiveException e) {
            throw new GridUnavailableException("this member left the grid: catalog=" + target.catalog, e);
        }
    }

    /// Waits for an answer of the grid, as long as a call may take.
    ///
    /// @throws GridUnavailableException if it fails or does not come
    static <T> T await(CompletionStage<T> answer) throws InterruptedException {
        try {
            return answer.toCompletableFuture().get(GridMaps.CALL_MILLIS_MAX + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new GridUnavailableException("a call into the grid failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new GridUnavailableException(
                    "the grid did not answer: timeoutMillis=" + (GridMaps.CALL_MILLIS_MAX + 1_000), e);
        }
    }

    private record Target(String catalog, int partition) {}

    private static final class Group {
        private final List<GridEntry> entries = new ArrayList<>();
        private int bytes;
    }
}
