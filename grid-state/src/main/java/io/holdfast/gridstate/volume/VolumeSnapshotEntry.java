package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// A snapshot of a volume: a pinned version of its map.
///
/// @param mapVersion the version
/// @param sizeBytes of the volume at that time
/// @param createdMillis when it was taken
/// @param isProtected whether it is kept from being deleted
/// @param cloneCount volumes that began as copies of it and still share its chunks
public record VolumeSnapshotEntry(
        long mapVersion, long sizeBytes, long createdMillis, boolean isProtected, int cloneCount) {
    public VolumeSnapshotEntry {
        Check.notNegative("a map's version", mapVersion);
        Check.range("a volume's size", sizeBytes, 0, VolumeEntry.SIZE_BYTES_MAX);
        Check.notNegative("a time", createdMillis);
        Check.notNegative("a count of clones", cloneCount);
    }

    VolumeSnapshotEntry withProtection(boolean protect) {
        return new VolumeSnapshotEntry(mapVersion, sizeBytes, createdMillis, protect, cloneCount);
    }

    VolumeSnapshotEntry withClones(int count) {
        return new VolumeSnapshotEntry(mapVersion, sizeBytes, createdMillis, isProtected, count);
    }
}
