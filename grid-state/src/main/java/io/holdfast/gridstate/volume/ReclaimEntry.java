package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// A stream whose volume is deleted and whose chunks are to go.
///
/// @param volume the name of the volume
/// @param sinceMillis when it was deleted
public record ReclaimEntry(String volume, long sinceMillis) {
    public ReclaimEntry {
        Check.name("a volume's name", volume);
        Check.notNegative("a time", sinceMillis);
    }
}
