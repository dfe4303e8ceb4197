package io.holdfast.chaos.powercut.subject;

import io.holdfast.chaos.checker.Violation;
import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.volume.CheckReport;
import io.holdfast.hostio.volume.VolumeStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A volume 2+1 over three folders of the disk, with snapshots, checkpoints and cleaning.
public final class StoredVolume implements Subject {
    private static final long STREAM = 0x5eed;
    private static final int SNAPSHOTS_MAX = 3;
    private static final int BLOCKS_PER_WRITE_MAX = 9;
    /// Longer than a busy machine takes for a sync.
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final LogOptions OPTIONS =
            new LogOptions(new ErasureProfile(2, 1), 1, 160 << 10, 4, 2, ANSWER, ANSWER);

    private final SplittableRandom random;
    private final int actionCount;
    private final Haste haste;
    private final BlockPromises promises = new BlockPromises();
    private final List<Integer> acknowledgements = new ArrayList<>();
    private final TreeMap<Integer, Snapshot> snapshots = new TreeMap<>();
    private @Nullable RecordedDirectory directory;
    private int createdAt = Integer.MAX_VALUE;

    /// @param from the position at which it was acknowledged
    /// @param to the position at which its deletion began
    private record Snapshot(int from, int to, List<Integer> stamps) {}

    public StoredVolume(long seed, int actionCount, Haste haste) {
        this.random = new SplittableRandom(seed);
        this.actionCount = actionCount;
        this.haste = haste;
    }

    @Override
    public List<Integer> acknowledgements() {
        return List.copyOf(acknowledgements);
    }

    @Override
    public void work(Path folder, IntSupplier position) throws IOException {
        RecordedDirectory recorded = new RecordedDirectory(position);
        directory = recorded;
        try (FolderHosts hosts = FolderHosts.open(folder, haste);
                LogRuntime runtime = new LogRuntime(recorded, hosts, System::nanoTime);
                VolumeStore store = open(runtime, 1)) {
            BlockDevice volume = store.volume(store.create((long) BlockPromises.BLOCKS
                    * BlockPromises.BLOCK_BYTES));
            createdAt = acknowledged(position);
            for (int i = 0; i < actionCount; i++) {
                act(store, volume, position);
            }
        }
    }

    private static VolumeStore open(LogRuntime runtime, long token) {
        return VolumeStore.open(runtime, new StreamKey(STREAM, token), OPTIONS, (_, _, _) -> {});
    }

    private int acknowledged(IntSupplier position) {
        int now = position.getAsInt();
        acknowledgements.add(now);
        return now;
    }

    private void act(VolumeStore store, BlockDevice volume, IntSupplier position) {
        int choice = random.nextInt(100);
        int count = 1 + random.nextInt(BLOCKS_PER_WRITE_MAX);
        int block = random.nextInt(BlockPromises.BLOCKS - count);
        long offset = (long) block * BlockPromises.BLOCK_BYTES;
        if (choice < 40) {
            volume.write(offset, promises.write(block, count), Durability.DURABLE);
            promises.durable(block, count, acknowledged(position));
        } else if (choice < 65) {
            volume.write(offset, promises.write(block, count), Durability.VISIBLE);
        } else if (choice < 75) {
            promises.zero(block, count);
            volume.writeZeroes(offset, (long) count * BlockPromises.BLOCK_BYTES, ZeroMode.MAY_FREE_SPACE,
                    Durability.VISIBLE);
        } else if (choice < 90) {
            volume.flush();
            promises.durable(0, BlockPromises.BLOCKS, acknowledged(position));
        } else if (choice < 93) {
            store.checkpoint();
        } else if (choice < 97) {
            snapshot(store, position);
        } else {
            store.clean();
        }
    }

    private void snapshot(VolumeStore store, IntSupplier position) {
        List<Integer> kept = snapshots.entrySet().stream()
                .filter(entry -> entry.getValue().to == Integer.MAX_VALUE)
                .map(entry -> entry.getKey())
                .toList();
        if (kept.size() == SNAPSHOTS_MAX) {
            int oldest = kept.getFirst();
            snapshots.computeIfPresent(oldest,
                    (_, it) -> new Snapshot(it.from, position.getAsInt(), it.stamps));
            store.deleteSnapshot(oldest);
        } else {
            int number = store.snapshot(0);
            snapshots.put(
                    number, new Snapshot(acknowledged(position), Integer.MAX_VALUE, promises.stamps()));
        }
    }

    @Override
    public List<Violation> check(Path folder, int position) throws IOException {
        if (directory == null) {
            throw new IllegalStateException("it has not worked yet");
        }
        try (FolderHosts hosts = FolderHosts.open(folder, Haste.NONE);
                LogRuntime runtime = new LogRuntime(directory.at(position), hosts, System::nanoTime);
                VolumeStore store = open(runtime, 2)) {
            if (store.members().isEmpty()) {
                return position < createdAt
                        ? List.of()
                        : List.of(new Violation("lost-volume", "volume", "createdAt=" + createdAt));
            }
            List<Violation> found = new ArrayList<>(promises.check(all(store.volume(0)), position));
            snapshots.forEach((number, snapshot) -> {
                if (snapshot.from <= position && position <= snapshot.to) {
                    found.addAll(checkSnapshot(store, number, snapshot));
                }
            });
            CheckReport report = store.check(true);
            report.findings().forEach(finding ->
                    found.add(new Violation("map-and-log", "volume", finding.toString())));
            return found;
        } catch (BlockDeviceException | ChunkStoreException | DiskException failure) {
            return List.of(new Violation("not-served", "volume", failure.toString()));
        }
    }

    private static List<Violation> checkSnapshot(VolumeStore store, int number, Snapshot snapshot) {
        String name = "snapshot " + number;
        return store.snapshots().containsKey(number)
                ? BlockPromises.compare(all(store.snapshotDevice(number)), snapshot.stamps, name)
                : List.of(new Violation("lost-snapshot", name, "acknowledged at " + snapshot.from));
    }

    private static ByteBuffer all(BlockDevice device) {
        ByteBuffer all = ByteBuffer.allocate(BlockPromises.BLOCKS * BlockPromises.BLOCK_BYTES);
        device.read(0, all);
        return all.flip();
    }
}
