package io.holdfast.node.app;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.node.blob.BlobWhereabouts;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import java.io.IOException;
import java.util.Optional;

/// Says where snapshots' bytes are. Concurrent; blocks.
final class SnapshotLocator {
    private final HostKit kit;

    SnapshotLocator(HostKit kit) {
        this.kit = kit;
    }

    Answer locate(SnapshotKey key) {
        Optional<SnapshotEntry> entry = kit.catalog().snapshot(key);
        if (entry.isEmpty()) {
            return new Answer.Refused(404, "not-found", "no such snapshot: " + key);
        }
        Optional<StoredImage> stored = entry.get().stored();
        if (stored.isEmpty()) {
            return new Answer.Refused(409, "forbidden-state", "the snapshot has no files: " + key);
        }
        try {
            BlobWhereabouts found = kit.snapshots().whereabouts(stored.get());
            return new Answer.Located(
                    String.join(" ", found.profiles()),
                    stored.get().packs().stream().mapToLong(StoredBlob::lengthBytes).sum(),
                    found.storedBytes(),
                    found.chunks(),
                    found.chunksAtRisk(),
                    kit.catalog().nodeNames(found.nodes()));
        } catch (IOException unavailable) {
            return new Answer.Refused(503, "unavailable", String.valueOf(unavailable.getMessage()));
        }
    }
}
