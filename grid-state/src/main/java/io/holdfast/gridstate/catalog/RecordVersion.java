package io.holdfast.gridstate.catalog;

/// The version of a record: a number that no two states of a record share and that grows from one to the
/// next. Below format level 3 it was the index of the entry, which several commands have in common; since
/// then it also says which command of the entry. Both kinds are told apart by their size, and every newer
/// one is larger than every older one. Fits a JSON number (2^53).
public final class RecordVersion {
    private static final long BASE = 1L << 52;

    /// As many commands as an entry may be configured to hold; what is left is for years of entries.
    private static final int ORDINAL_BITS = 12;

    private static final int INDEX_BITS = 52 - ORDINAL_BITS;

    private RecordVersion() {}

    /// What a command writes.
    ///
    /// @param index of its entry, below 2^40: seven years of 5,000 entries a second
    /// @param ordinal within the entry, below 2^12
    public static long of(long index, int ordinal) {
        Check.range("the index of an entry", index, 0, (1L << INDEX_BITS) - 1);
        Check.range("a command's ordinal", ordinal, 0, (1L << ORDINAL_BITS) - 1);
        return BASE | index << ORDINAL_BITS | ordinal;
    }

    /// The index of the entry that made the version.
    public static long index(long version) {
        return version < BASE ? version : (version - BASE) >> ORDINAL_BITS;
    }
}
