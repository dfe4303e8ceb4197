package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.time.Duration;

/// Small hosts and small chunks.
final class VolumeFixture {
    static final StoreGeometry GEOMETRY = new StoreGeometry(128 << 10, 16, 8);
    static final long DISK_BYTES = 48L << 20;
    static final long STREAM = 0x5eed;
    static final ErasureProfile TWO_PLUS_ONE = new ErasureProfile(2, 1);

    private VolumeFixture() {}

    static SimulatedHosts hosts(int count) {
        return SimulatedHosts.start(count, DISK_BYTES, GEOMETRY);
    }

    static LogOptions options(ErasureProfile profile) {
        return new LogOptions(
                profile,
                profile.parityStrips(),
                512 << 10,
                16,
                3,
                Duration.ofMillis(100),
                Duration.ofMillis(300));
    }

    static LogRuntime runtime(SimulatedHosts hosts) {
        return new LogRuntime(hosts.directory(), hosts, System::nanoTime);
    }

    static VolumeStore open(LogRuntime runtime, long token) {
        return open(runtime, token, options(TWO_PLUS_ONE));
    }

    static VolumeStore open(LogRuntime runtime, long token, LogOptions options) {
        return VolumeStore.open(runtime, new StreamKey(STREAM, token), options, (_, _, _) -> {});
    }
}
