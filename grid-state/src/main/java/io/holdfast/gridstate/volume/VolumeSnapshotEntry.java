package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;
import java.util.Optional;

/// A snapshot of a volume: a version of its map that its family keeps.
///
/// @param number by which the family knows the version
/// @param sizeBytes of the volume at that time
/// @param createdMillis when it was taken
/// @param isProtected whether it is kept from being deleted
/// @param heldBy the snapshot of an application that it belongs to, and goes with
public record VolumeSnapshotEntry(
        int number, long sizeBytes, long createdMillis, boolean isProtected, Optional<String> heldBy) {
    private static final int HOLDER_CHARS_MAX = 256;

    public VolumeSnapshotEntry {
        Check.notNegative("a snapshot's number", number);
        Check.range("a volume's size", sizeBytes, 0, VolumeEntry.SIZE_BYTES_MAX);
        Check.notNegative("a time", createdMillis);
        heldBy.ifPresent(holder -> Check.text("a snapshot's holder", holder, HOLDER_CHARS_MAX));
    }

    VolumeSnapshotEntry withProtection(boolean protect) {
        return new VolumeSnapshotEntry(number, sizeBytes, createdMillis, protect, heldBy);
    }

    VolumeSnapshotEntry withHolder(Optional<String> holder) {
        return new VolumeSnapshotEntry(number, sizeBytes, createdMillis, isProtected, holder);
    }
}
