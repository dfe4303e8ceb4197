package io.holdfast.chaos.powercut.subject;

/// Whether the product acknowledges before what it acknowledges is stored: a planted bug.
public enum Haste {
    /// As it is.
    NONE,
    /// With the bug.
    ACKNOWLEDGES_TOO_EARLY
}
