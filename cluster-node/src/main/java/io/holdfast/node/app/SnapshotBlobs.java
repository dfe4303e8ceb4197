package io.holdfast.node.app;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.node.blob.BlobReferences;
import java.util.function.Consumer;

/// The blobs of snapshots that can be restored; those of condemned ones are of no use any more.
public final class SnapshotBlobs implements BlobReferences {
    private final AppCatalog catalog;

    public SnapshotBlobs(AppCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void forEach(Consumer<StoredBlob> sink) {
        catalog.snapshots(snapshot -> {
            if (snapshot.value().state() instanceof SnapshotState.Ready) {
                snapshot.value().stored().flatMap(StoredImage::blob).ifPresent(sink);
            }
        });
    }
}
