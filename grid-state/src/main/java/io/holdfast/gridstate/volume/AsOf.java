package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// What a volume is to be made before anybody uses it again: whatever was written since is of no value.
///
/// That is so when all who used the volume stand still since the snapshot was taken, and only their file
/// system may still have put its house in order; or because somebody asked for that state.
///
/// @param snapshot the name of the volume's snapshot
/// @param sinceVersion the version that said so
public record AsOf(String snapshot, long sinceVersion) {
    public AsOf {
        Check.name("a snapshot's name", snapshot);
        Check.notNegative("a version", sinceVersion);
    }
}
