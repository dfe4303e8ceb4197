package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// A snapshot of a volume: a version of its map that its family keeps.
///
/// @param number by which the family knows the version
/// @param sizeBytes of the volume at that time
/// @param createdMillis when it was taken
/// @param isProtected whether it is kept from being deleted
public record VolumeSnapshotEntry(int number, long sizeBytes, long createdMillis, boolean isProtected) {
    public VolumeSnapshotEntry {
        Check.notNegative("a snapshot's number", number);
        Check.range("a volume's size", sizeBytes, 0, VolumeEntry.SIZE_BYTES_MAX);
        Check.notNegative("a time", createdMillis);
    }

    VolumeSnapshotEntry withProtection(boolean protect) {
        return new VolumeSnapshotEntry(number, sizeBytes, createdMillis, protect);
    }
}
