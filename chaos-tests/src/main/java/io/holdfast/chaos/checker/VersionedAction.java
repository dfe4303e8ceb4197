package io.holdfast.chaos.checker;

import java.util.OptionalLong;

/// What a client may ask of a record that carries a version which grows with every write.
public sealed interface VersionedAction {
    /// Read the record.
    ///
    /// @param isLinearizable whether the answer must contain every write completed before
    record Read(boolean isLinearizable) implements VersionedAction {}

    /// Write the record. Every written value is unique within a history, so that a value names its write.
    ///
    /// @param expectedVersion the version that must be the present one, 0 for "absent"
    record Write(String value, OptionalLong expectedVersion) implements VersionedAction {}
}
