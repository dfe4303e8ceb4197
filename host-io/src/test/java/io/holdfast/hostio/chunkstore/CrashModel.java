package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a store must, may and must not hold, given what was asked of it and what it acknowledged.
final class CrashModel {
    final Map<FragmentId, ModelFragment> fragments = new TreeMap<>();
    final Map<Long, Long> tokensAcknowledged = new HashMap<>();
    final Map<Long, Long> tokensAttempted = new HashMap<>();
    private final ByteBuffer payload = ByteBuffer.allocate(StripHeader.PAYLOAD_BYTES_MAX);

    /// One fragment that was asked for and not yet acknowledged as deleted.
    static final class ModelFragment {
        boolean created;
        boolean deleting;
        /// The limit of a seal asked for; -1 if none was.
        int sealAttempted = -1;
        boolean sealed;
        int nextRow;
        final TreeMap<Integer, Strip> acknowledged = new TreeMap<>();
        final TreeMap<Integer, Strip> attempted = new TreeMap<>();
    }

    /// Compares a store opened after a crash; returns what is wrong, or nothing.
    @Nullable String check(FragmentStore store) {
        for (DiskStatus disk : store.disks()) {
            if (!disk.damages().isEmpty()) {
                return "damage reported where none was done: " + disk.damages();
            }
        }
        for (Map.Entry<FragmentId, ModelFragment> entry : fragments.entrySet()) {
            String wrong = checkFragment(store, entry.getKey(), entry.getValue());
            if (wrong != null) {
                return wrong;
            }
        }
        for (FragmentId id : store.fragments()) {
            if (!fragments.containsKey(id)) {
                return "a fragment nobody asked for, or one that was deleted: " + id;
            }
        }
        return checkTokens(store);
    }

    private @Nullable String checkTokens(FragmentStore store) {
        for (Map.Entry<Long, Long> entry : tokensAttempted.entrySet()) {
            long actual = store.newestToken(entry.getKey());
            long acknowledged = tokensAcknowledged.getOrDefault(entry.getKey(), 0L);
            if (actual < acknowledged || actual > entry.getValue()) {
                return "token " + actual + " of stream " + entry.getKey() + ", acknowledged " + acknowledged
                        + ", attempted " + entry.getValue();
            }
        }
        return null;
    }

    private @Nullable String checkFragment(FragmentStore store, FragmentId id, ModelFragment model) {
        FragmentStatus status = store.status(id).orElse(null);
        if (status == null) {
            return model.created && !model.deleting ? "fragment lost: " + id : null;
        }
        if (model.sealed && status.state() != FragmentState.SEALED) {
            return "seal lost: " + status;
        }
        if (status.state() == FragmentState.SEALED && model.sealAttempted < 0) {
            return "sealed, and nobody asked for it: " + status;
        }
        int limit = status.state() == FragmentState.SEALED ? model.sealAttempted : Integer.MAX_VALUE;
        int[] present = store.rows(id, 0, Integer.MAX_VALUE);
        for (int row : model.acknowledged.headMap(limit).keySet()) {
            if (Arrays.binarySearch(present, row) < 0) {
                return "acknowledged strip lost: " + id + " row " + row + " " + status;
            }
        }
        for (int row : present) {
            Strip expected = model.attempted.getOrDefault(row, model.acknowledged.get(row));
            if (expected == null || row >= limit) {
                return "a strip that nobody wrote: " + id + " row " + row + " limit " + limit;
            }
            String wrong = checkStrip(store, id, row, expected);
            if (wrong != null) {
                return wrong;
            }
        }
        return present.length == status.strips() ? null : "counts " + present.length + " " + status;
    }

    private @Nullable String checkStrip(FragmentStore store, FragmentId id, int row, Strip expected) {
        StripHeader header;
        try {
            header = store.read(id, row, payload.clear());
        } catch (ChunkStoreException unreadable) {
            return "strip unreadable: " + unreadable.getMessage();
        }
        boolean same = header.equals(expected.header()) && payload.flip().equals(expected.payload());
        return same ? null : "another strip: " + header + " instead of " + expected.header();
    }

    /// After a restart: what was in flight either is there, and counts as acknowledged from now on, or is
    /// not, and must not come back.
    void settle(FragmentStore store) {
        fragments.entrySet().removeIf(entry -> store.status(entry.getKey()).isEmpty());
        fragments.forEach((id, model) -> {
            model.created = true;
            model.deleting = false;
            model.sealed = store.status(id).orElseThrow().state() == FragmentState.SEALED;
            TreeMap<Integer, Strip> present = new TreeMap<>();
            for (int row : store.rows(id, 0, Integer.MAX_VALUE)) {
                present.put(row, model.attempted.getOrDefault(row, model.acknowledged.get(row)));
            }
            if (!model.sealed) {
                model.sealAttempted = -1;
            }
            model.acknowledged.clear();
            model.acknowledged.putAll(present);
            model.attempted.clear();
            model.nextRow = present.isEmpty() ? 0 : present.lastKey() + 1;
        });
        tokensAttempted.replaceAll((stream, _) -> store.newestToken(stream));
        tokensAcknowledged.putAll(tokensAttempted);
    }
}
