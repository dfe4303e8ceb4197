package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;

/// A snapshot of an application; written `tenant/application/name`.
///
/// @param application what it is a saved state of
/// @param name unique for the application
public record SnapshotKey(ApplicationKey application, String name) {
    public SnapshotKey {
        Check.name("a snapshot's name", name);
    }

    /// Reads what [#toString()] writes.
    public static SnapshotKey parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a snapshot is written tenant/application/name");
        }
        return new SnapshotKey(ApplicationKey.parse(text.substring(0, slash)), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return application + "/" + name;
    }
}
