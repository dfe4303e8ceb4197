package io.holdfast.node.app;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.node.blob.BlobReferences;
import java.util.function.Consumer;

/// The blobs that it takes to restore what can be restored: of each ready snapshot its own pack and those
/// that it shares. The rules of the catalog let none be shared that no ready snapshot uses any more, so what
/// is not named here once will never be.
public final class SnapshotBlobs implements BlobReferences {
    private final AppCatalog catalog;

    public SnapshotBlobs(AppCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void forEach(Consumer<StoredBlob> sink) {
        catalog.snapshots(snapshot -> {
            if (snapshot.value().state() instanceof SnapshotState.Ready) {
                snapshot.value().stored().ifPresent(stored -> stored.packs().forEach(sink));
            }
        });
    }
}
