package io.holdfast.gridstate.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.rule.RuleScope;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// How many ready snapshots of a tenant use each pack. A pack that none uses is gone for good: it is never
/// counted again, so whoever sees that nothing refers to it may delete its bytes.
///
///     snapshot-packs:  tenant | 0 | blob  ->  count (4, big endian)
final class SnapshotPacks {
    static final Keyspace USES = new Keyspace("snapshot-packs");

    /// A pack that a snapshot wants to share and that is no longer there, or is another tenant's.
    Optional<StoredBlob> missing(RuleScope scope, String tenant, StoredImage image) {
        return image.shared().stream()
                .filter(pack -> count(scope, tenant, pack) == 0)
                .findFirst();
    }

    /// Counts a snapshot that has become ready.
    void use(RuleScope scope, String tenant, StoredImage image) {
        if (isCounted(image)) {
            image.packs().forEach(pack -> set(scope, tenant, pack, count(scope, tenant, pack) + 1));
        }
    }

    /// Counts a snapshot no longer.
    ///
    /// @return the bytes of packs that nobody uses any more
    long release(RuleScope scope, String tenant, StoredImage image) {
        if (!isCounted(image)) {
            return image.sizeBytes();
        }
        long freed = 0;
        for (StoredBlob pack : image.packs()) {
            int left = count(scope, tenant, pack) - 1;
            set(scope, tenant, pack, left);
            freed += left > 0 ? 0 : pack.lengthBytes();
        }
        return freed;
    }

    /// Those that were made before packs were shared are not: each has its own pack.
    private static boolean isCounted(StoredImage image) {
        return image.contentBytes() > 0;
    }

    private static int count(RuleScope scope, String tenant, StoredBlob pack) {
        byte[] wanted = keyOf(tenant, pack);
        int[] found = new int[1];
        scope.scanIndex(USES, wanted, (key, value) -> {
            if (Arrays.equals(key, wanted)) {
                found[0] = ByteBuffer.wrap(value).getInt();
            }
            return false;
        });
        return found[0];
    }

    private static void set(RuleScope scope, String tenant, StoredBlob pack, int count) {
        if (count > 0) {
            byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(count).array();
            scope.putIndex(USES, keyOf(tenant, pack), value);
        } else {
            scope.deleteIndex(USES, keyOf(tenant, pack));
        }
    }

    private static byte[] keyOf(String tenant, StoredBlob pack) {
        return (tenant + "\0" + pack).getBytes(UTF_8);
    }
}
