package io.holdfast.consensus.store;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;

/// Where an entry stands in the log.
///
/// @param index its index
/// @param term the term in which it was written
public record Position(LogIndex index, Term term) {
    /// Before the first entry.
    public static final Position ZERO = new Position(LogIndex.ZERO, Term.ZERO);
}
