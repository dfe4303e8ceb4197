package io.holdfast.consensus.history;

/// What a [HistoryVerifier] found.
public sealed interface HistoryReport {
    /// How many entries were found to be what their hashes say, counted from the oldest kept one.
    long verifiedCount();

    /// The hash before the oldest kept entry: what lies before is not vouched for.
    String anchor();

    /// Every kept entry is what its hash says, and the chain ends at the head.
    ///
    /// @param verifiedCount the kept entries
    /// @param firstIndex the oldest kept entry, 0 without any
    /// @param lastIndex the newest entry, 0 without any
    /// @param anchor the hash before the oldest
    /// @param head the hash of the newest
    record Intact(long verifiedCount, long firstIndex, long lastIndex, String anchor, String head)
            implements HistoryReport {}

    /// An entry is not what its hash says, is missing, or does not follow the one before.
    ///
    /// @param verifiedCount the sound entries before it
    /// @param index where it is
    /// @param expected what should be there
    /// @param actual what is there
    /// @param anchor the hash before the oldest
    record Broken(long verifiedCount, long index, String expected, String actual, String anchor)
            implements HistoryReport {}
}
