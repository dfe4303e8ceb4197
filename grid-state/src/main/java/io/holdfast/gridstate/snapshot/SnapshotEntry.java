package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;
import java.util.Optional;

/// A saved state of a running application.
///
/// @param image digest of the image that it ran from
/// @param hostClass where it can be restored
/// @param parent the name of the snapshot of the same application that it was made after, which may have
/// been pruned since
/// @param files its content; empty while it is made
/// @param chargedBytes what it counts against the tenant's quota: reserved while it is made, then its size
/// @param isProtected whether deleting it is refused
/// @param createdMillis when making it began
/// @param state what may happen to it
/// @param stored where its files are as a whole, if they are not in chunks
/// @param origin why it was made
/// @param spec what the application was when it was made
/// @param volumes what its volumes were at the same moment
public record SnapshotEntry(
        LayerDigest image,
        HostClass hostClass,
        Optional<String> parent,
        List<StoredFile> files,
        long chargedBytes,
        boolean isProtected,
        long createdMillis,
        SnapshotState state,
        Optional<StoredImage> stored,
        SnapshotOrigin origin,
        Optional<ApplicationSpec> spec,
        List<VolumeSnapshotKey> volumes) {
    /// Files that one snapshot may have.
    public static final int FILES_MAX = 4_096;

    public SnapshotEntry {
        files = Check.atMost("a snapshot's files", files, FILES_MAX);
        Check.notNegative("a snapshot's charge", chargedBytes);
        Check.notNegative("a time", createdMillis);
        parent.ifPresent(name -> Check.name("a parent's name", name));
        volumes = Check.distinct("a snapshot's volumes", volumes, ApplicationSpec.MOUNTS_MAX);
    }

    SnapshotEntry withState(SnapshotState next) {
        return with(files, chargedBytes, isProtected, next, stored);
    }

    SnapshotEntry withContent(List<StoredFile> newFiles, Optional<StoredImage> whole, long sizeBytes) {
        return with(newFiles, sizeBytes, isProtected, state, whole);
    }

    SnapshotEntry withProtection(boolean isOn) {
        return with(files, chargedBytes, isOn, state, stored);
    }

    SnapshotEntry withVolumes(List<VolumeSnapshotKey> of) {
        return new SnapshotEntry(
                image, hostClass, parent, files, chargedBytes, isProtected, createdMillis, state, stored,
                origin, spec, of);
    }

    /// What a volume was at the same moment.
    public Optional<VolumeSnapshotKey> of(String volume) {
        return volumes.stream().filter(key -> key.volume().equals(volume)).findFirst();
    }

    private SnapshotEntry with(
            List<StoredFile> newFiles,
            long charge,
            boolean isOn,
            SnapshotState next,
            Optional<StoredImage> whole) {
        return new SnapshotEntry(
                image, hostClass, parent, newFiles, charge, isOn, createdMillis, next, whole, origin, spec,
                        volumes);
    }
}
