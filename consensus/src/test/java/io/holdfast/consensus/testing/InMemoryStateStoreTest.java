package io.holdfast.consensus.testing;

import io.holdfast.consensus.store.LedgerStore;
import java.util.List;

final class InMemoryStateStoreTest extends StateStoreContract {
    @Override
    protected LedgerStore open() {
        return new InMemoryStateStore(List.of(ONE, TWO));
    }

    @Override
    protected LedgerStore reopen(LedgerStore open) {
        open.close();
        return open;
    }
}
