package io.holdfast.chaos.powercut;

/// What becomes of writes that no flush covers when the power is cut.
public enum Loss {
    /// None of them is there.
    ALL,
    /// Each is there.
    NONE,
    /// Those up to some moment are there, and the first sectors of the one that was under way.
    AFTER_A_MOMENT,
    /// Any of them are there.
    ANY_WRITES,
    /// Any sectors of any of them are there.
    ANY_SECTORS
}
