package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.testing.FragmentHolderContract;
import io.holdfast.hostio.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;

final class LocalFragmentHolderTest extends FragmentHolderContract {
    private final SimulatedHosts hosts =
            SimulatedHosts.start(1, 32L << 20, new StoreGeometry(128 << 10, 16, 8));

    @Override
    protected FragmentHolder holder() {
        return new LocalFragmentHolder(hosts.store(1));
    }

    @AfterEach
    void closeStore() {
        hosts.close();
    }
}
