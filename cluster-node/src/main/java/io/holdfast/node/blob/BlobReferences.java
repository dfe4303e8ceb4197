package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.util.function.Consumer;

/// Names the blobs that a catalog refers to, as this node's copy of the state has them.
@FunctionalInterface
public interface BlobReferences {
    /// Names every blob that is of use; what is not named may be deleted. Fails rather than name too few.
    void forEach(Consumer<StoredBlob> sink);
}
