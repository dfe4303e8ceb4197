package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.LayerDigest;
import java.util.Optional;

/// What is known of a snapshot before it is made.
///
/// @param image digest of the image that the application runs from
/// @param hostClass of the host that makes it
/// @param parent the name of the snapshot of the same application that it is made after
/// @param reservedBytes what to count against the quota until its size is known
/// @param origin why it is made
/// @param spec what the application is whose state it holds
public record SnapshotDraft(
        LayerDigest image,
        HostClass hostClass,
        Optional<String> parent,
        long reservedBytes,
        SnapshotOrigin origin,
        Optional<ApplicationSpec> spec) {
    public SnapshotDraft {
        Check.notNegative("reserved bytes", reservedBytes);
        parent.ifPresent(name -> Check.name("a parent's name", name));
    }
}
