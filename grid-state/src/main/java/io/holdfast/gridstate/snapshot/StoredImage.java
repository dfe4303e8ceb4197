package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a snapshot's files are and by what they are recognised.
///
/// @param manifest the digest of the list of files, which has the digest of each
/// @param sizeBytes what was stored for it, and for none before it
/// @param holders nodes that have all of them as a copy of their own, for one that is not in a blob
/// @param blob the pack that was stored for it
/// @param contentBytes of the files in the clear; 0 if that was not recorded, and then none is shared
/// @param sharedBytes of the files that lie in packs that were stored for other snapshots before
/// @param shared these packs, in the order in which its own numbers them
public record StoredImage(
        Sha256 manifest,
        long sizeBytes,
        List<String> holders,
        Optional<StoredBlob> blob,
        long contentBytes,
        long sharedBytes,
        List<StoredBlob> shared) {
    /// Nodes that hold one snapshot.
    public static final int HOLDERS_MAX = 64;

    /// Packs of others that one snapshot uses.
    public static final int SHARED_MAX = 8;

    public StoredImage {
        Check.notNegative("a snapshot's size", sizeBytes);
        Check.notNegative("a content's size", contentBytes);
        Check.range("what is shared of it", sharedBytes, 0, contentBytes);
        holders = Check.distinct("a snapshot's holders", holders, HOLDERS_MAX);
        holders.forEach(holder -> Check.name("a holder", holder));
        shared = Check.distinct("a snapshot's shared packs", shared, SHARED_MAX);
    }

    /// Files that lie in the chunk store.
    public static StoredImage in(
            StoredBlob blob, Sha256 manifest, long contentBytes, long sharedBytes, List<StoredBlob> shared) {
        return new StoredImage(
                manifest, blob.lengthBytes(), List.of(), Optional.of(blob), contentBytes, sharedBytes,
                shared);
    }

    /// Every pack that it takes to restore it, its own first.
    public List<StoredBlob> packs() {
        List<StoredBlob> all = new ArrayList<>();
        blob.ifPresent(all::add);
        all.addAll(shared);
        return List.copyOf(all);
    }
}
