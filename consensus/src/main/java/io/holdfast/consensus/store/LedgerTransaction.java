package io.holdfast.consensus.store;

import io.holdfast.consensus.statemachine.StateTransaction;

/// The writes of one entry. Confined to the apply thread.
public interface LedgerTransaction extends StateTransaction {
    /// Makes all writes visible at once, together with the position, which must be after the one before.
    /// They survive the death of the process.
    void commit(Position position);
}
