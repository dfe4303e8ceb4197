package io.holdfast.hostio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.testing.FaultyHolder.Link;
import io.holdfast.hostio.testing.SimulatedHosts;
import io.holdfast.hostio.volume.Volume;
import io.holdfast.hostio.volume.VolumeStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How many hosts a chunk is spread over when some of them failed lately.
final class ChunkOpenerTest {
    private static final ErasureProfile PROFILE = new ErasureProfile(2, 1);

    private final SimulatedHosts hosts =
            SimulatedHosts.start(3, 48L << 20, new StoreGeometry(128 << 10, 16, 8));
    private final LogRuntime runtime = new LogRuntime(hosts.directory(), hosts, System::nanoTime);

    @AfterEach
    void close() {
        runtime.close();
        hosts.close();
    }

    @Test
    void holdersThatFailedLatelyAreTriedAgainBeforeOneHasAll() {
        suspect();
        assertEquals(Set.of(3), widths(), "each chunk survives a failure");
    }

    @Test
    void oneHostHasAllIfTheOthersStillFail() {
        hosts.link(2).become(Link.REFUSING);
        hosts.link(3).become(Link.REFUSING);
        suspect();
        assertEquals(Set.of(1), widths());
    }

    private void suspect() {
        runtime.health().suspect(new HolderId(2, 0));
        runtime.health().suspect(new HolderId(3, 0));
    }

    /// The counts of fragments that chunks in use have after something was written.
    private Set<Integer> widths() {
        LogOptions options = new LogOptions(
                PROFILE, 0, 512 << 10, 16, 3, Duration.ofMillis(100), Duration.ofMillis(300));
        try (VolumeStore store = VolumeStore.open(runtime, new StreamKey(7, 1), options, (_, _, _) -> {})) {
            BlockDevice volume = store.volume(store.create(1 << 20));
            volume.write(0, ByteBuffer.allocate(Volume.BLOCK_BYTES), Durability.VISIBLE);
            volume.flush();
            return hosts.directory().all().stream()
                    .filter(ChunkRecord::isOpen)
                    .map(chunk -> chunk.profile().strips())
                    .collect(Collectors.toSet());
        }
    }
}
