package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.util.List;
import java.util.Optional;

/// Where a snapshot's files are and by what they are recognised.
///
/// @param manifest the digest of the list of files, which has the digest of each
/// @param sizeBytes of the files as they are stored
/// @param holders nodes that have all of them as a copy of their own, for one that is not in a blob
/// @param blob where they lie in the chunk store
public record StoredImage(
        Sha256 manifest, long sizeBytes, List<String> holders, Optional<StoredBlob> blob) {
    /// Nodes that hold one snapshot.
    public static final int HOLDERS_MAX = 64;

    public StoredImage {
        Check.notNegative("a snapshot's size", sizeBytes);
        holders = Check.distinct("a snapshot's holders", holders, HOLDERS_MAX);
        holders.forEach(holder -> Check.name("a holder", holder));
    }

    /// Files that lie in the chunk store.
    public static StoredImage in(StoredBlob blob, Sha256 manifest) {
        return new StoredImage(manifest, blob.lengthBytes(), List.of(), Optional.of(blob));
    }
}
