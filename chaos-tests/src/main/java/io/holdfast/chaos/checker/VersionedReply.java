package io.holdfast.chaos.checker;

/// What a versioned record answers.
public sealed interface VersionedReply {
    /// The record, and which write left it.
    record Found(long version, String value) implements VersionedReply {}

    /// There is no such record; its version counts as 0.
    record Absent() implements VersionedReply {}

    /// The write was done and made this version.
    record Written(long version) implements VersionedReply {}

    /// The expected version was not the present one; nothing changed.
    record VersionConflict() implements VersionedReply {}
}
