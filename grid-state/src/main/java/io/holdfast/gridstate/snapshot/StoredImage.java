package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;
import java.util.List;

/// Where a snapshot's files are and by what they are recognised.
///
/// @param manifest the digest of the list of files, which has the digest of each
/// @param sizeBytes of the files as they are stored
/// @param holders the nodes that have all of them
public record StoredImage(Sha256 manifest, long sizeBytes, List<String> holders) {
    /// Nodes that hold one snapshot.
    public static final int HOLDERS_MAX = 64;

    public StoredImage {
        Check.notNegative("a snapshot's size", sizeBytes);
        holders = Check.distinct("a snapshot's holders", holders, HOLDERS_MAX);
        holders.forEach(holder -> Check.name("a holder", holder));
    }
}
