package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.testing.BlockDeviceContract;
import io.holdfast.hostio.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;

final class VolumeTest extends BlockDeviceContract {
    private final SimulatedHosts hosts = VolumeFixture.hosts(3);
    private final LogRuntime runtime = VolumeFixture.runtime(hosts);
    private final VolumeStore store = VolumeFixture.open(runtime, 1);

    @Override
    protected BlockDevice newDevice() {
        return store.volume(store.create(SIZE_BYTES));
    }

    @Override
    protected BlockDevice newReadOnlyDevice() {
        return store.snapshotDevice(store.snapshot(store.create(SIZE_BYTES)));
    }

    @AfterEach
    void closeHosts() {
        store.close();
        runtime.close();
        hosts.close();
    }
}
