package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// A snapshot of a volume; written `volume/name`.
///
/// @param volume what it is a former state of
/// @param name unique for the volume
public record VolumeSnapshotKey(String volume, String name) {
    public VolumeSnapshotKey {
        Check.name("a volume's name", volume);
        Check.name("a snapshot's name", name);
    }

    /// Reads what [#toString()] writes.
    public static VolumeSnapshotKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a snapshot of a volume is written volume/name");
        }
        return new VolumeSnapshotKey(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return volume + "/" + name;
    }
}
