package io.holdfast.consensus.store;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.statemachine.StateStore;

/// A state store that a ledger's entries are applied to. Reads are concurrent; writing is confined to the
/// apply thread.
public interface LedgerStore extends StateStore, AutoCloseable {
    /// The newest entry whose writes are visible.
    Position applied();

    @Override
    default LogIndex appliedIndex() {
        return applied().index();
    }

    /// Begins the transaction of the next entry. There is one at a time: beginning another forgets what
    /// was not committed.
    LedgerTransaction begin();

    @Override
    void close();
}
