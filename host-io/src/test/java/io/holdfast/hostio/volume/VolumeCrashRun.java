package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.testing.FaultyHolder.Link;
import io.holdfast.hostio.testing.MemoryChunkDirectory;
import io.holdfast.hostio.testing.SimulatedDisk;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A seeded workload on a volume over three hosts, all of which lose power between two steps of one of their
/// disks; and goes on. What the disks then hold, with none or one of the hosts missing, is opened and
/// compared with a model of every block; and the maps with those that the log alone tells.
///
/// The workload is the seed's; which step is met depends on threads, so a replay shows the same kind of
/// thing but not always the same one.
public final class VolumeCrashRun {
    private static final StoreGeometry GEOMETRY = new StoreGeometry(64 << 10, 4, 4);
    private static final LogOptions OPTIONS = new LogOptions(
            new ErasureProfile(2, 1), 1, 160 << 10, 4, 2, Duration.ofSeconds(2), Duration.ofSeconds(2));
    private static final LogOptions REPLICATED = OPTIONS.withProfile(new ErasureProfile(1, 1), 1);
    private static final long DISK_BYTES = 64L << 20;
    private static final int HOSTS = 3;
    private static final int STEPS_BETWEEN_CRASHES_MAX = 24;
    private static final int UNCHECKED_MAX = 4;

    private final SplittableRandom random;
    private final SplittableRandom cuts;
    private final int hostsLost;
    private final VolumeModel model = new VolumeModel();
    private final SimulatedHosts hosts = SimulatedHosts.start(HOSTS, DISK_BYTES, GEOMETRY);
    private final AtomicInteger stepsLeft = new AtomicInteger(40);
    private final ConcurrentLinkedQueue<Remains> remains = new ConcurrentLinkedQueue<>();
    private final ReentrantLock crashing = new ReentrantLock();
    private volatile int armedHost = 1;

    private boolean isOverclaiming;

    public VolumeCrashRun(long seed, int hostsLost) {
        this.random = new SplittableRandom(seed);
        this.cuts = random.split();
        this.hostsLost = hostsLost;
    }

    /// Takes writes for durable that are only visible: what the check must notice.
    VolumeCrashRun overclaiming() {
        isOverclaiming = true;
        return this;
    }

    /// What a loss of power left, and what must be in it.
    private record Remains(
            List<SimulatedDisk> disks, MemoryChunkDirectory directory, VolumeModel.Promise promise) {}

    /// Works until so many crashes were checked or one showed something wrong; returns that, or nothing.
    public @Nullable String run(int crashCount) {
        for (int host = 1; host <= HOSTS; host++) {
            int number = host;
            hosts.disk(host).observe((_, _) -> step(number));
        }
        String violation = null;
        int checked = 0;
        try (LogRuntime runtime = new LogRuntime(hosts.directory(), hosts, System::nanoTime);
                VolumeStore store = open(runtime, 1)) {
            BlockDevice volume =
                    store.volume(store.create((long) VolumeModel.BLOCKS * Volume.BLOCK_BYTES));
            while (checked < crashCount && violation == null) {
                work(store, volume);
                Remains next = remains.poll();
                if (next != null) {
                    checked++;
                    violation = check(next);
                }
            }
            armedHost = 0;
        }
        hosts.close();
        return violation;
    }

    private static VolumeStore open(LogRuntime runtime, long token) {
        return VolumeStore.open(
                runtime, new StreamKey(VolumeFixture.STREAM, token), OPTIONS, (_, _, _) -> {});
    }

    /// One disk is about to do something. A disk has several threads, and some come here holding its lock:
    /// one of them takes the images, and none waits for another.
    private void step(int host) {
        if (host == armedHost
                && remains.size() < UNCHECKED_MAX
                && stepsLeft.decrementAndGet() <= 0
                && crashing.tryLock()) {
            try {
                crash();
                armedHost = 1 + cuts.nextInt(HOSTS);
                stepsLeft.set(1 + cuts.nextInt(STEPS_BETWEEN_CRASHES_MAX));
            } finally {
                crashing.unlock();
            }
        }
    }

    private void crash() {
        MemoryChunkDirectory directory = hosts.directory();
        // Nothing is decided while the images are taken, so that the directory is never ahead of the disks.
        synchronized (directory) {
            VolumeModel.Promise promise = model.promise();
            MemoryChunkDirectory decided = directory.copy();
            List<SimulatedDisk> disks = new ArrayList<>();
            for (int host = 1; host <= HOSTS; host++) {
                disks.add(hosts.disk(host).crash(cuts.split()));
            }
            remains.add(new Remains(disks, decided, promise));
        }
    }

    private void work(VolumeStore store, BlockDevice volume) {
        int choice = random.nextInt(100);
        int count = 1 + random.nextInt(9);
        int block = random.nextInt(VolumeModel.BLOCKS - count);
        long offset = (long) block * Volume.BLOCK_BYTES;
        if (choice < 70) {
            Durability durability = random.nextInt(3) == 0 ? Durability.DURABLE : Durability.VISIBLE;
            volume.write(offset, model.write(block, count), durability);
            if (durability == Durability.DURABLE || isOverclaiming) {
                model.durable(block, count);
            }
        } else if (choice < 80) {
            model.zero(block, count);
            volume.writeZeroes(
                    offset, (long) count * Volume.BLOCK_BYTES, ZeroMode.MAY_FREE_SPACE, Durability.VISIBLE);
            model.durable(block, count);
        } else if (choice < 90) {
            int mark = model.mark();
            volume.flush();
            model.flushed(mark);
        } else if (choice < 94) {
            store.checkpoint();
        } else if (choice < 97) {
            snapshot(store);
        } else if (choice < 98) {
            store.clean();
        } else {
            store.use(random.nextBoolean() ? OPTIONS : REPLICATED);
            store.recode();
        }
    }

    private void snapshot(VolumeStore store) {
        if (model.snapshotCount() == 3) {
            int oldest = model.forgetOldestSnapshot();
            store.deleteSnapshot(oldest);
        } else {
            int[] now = model.now();
            model.snapshotTaken(store.snapshot(0), now);
        }
    }

    private @Nullable String check(Remains left) {
        SimulatedHosts survivors = SimulatedHosts.on(left.disks, left.directory, GEOMETRY);
        if (hostsLost > 0) {
            survivors.link(1 + random.nextInt(HOSTS)).become(Link.REFUSING);
        }
        try (survivors;
                LogRuntime runtime = new LogRuntime(left.directory, survivors, System::nanoTime);
                VolumeStore store = open(runtime, 2)) {
            if (store.members().isEmpty()) {
                return left.promise.isEmpty() ? null : "the volume is not there";
            }
            String wrong = RebuildOracle.difference(store);
            wrong = wrong != null ? wrong : left.promise.check(all(store.volume(0)));
            for (int snapshot : left.promise.snapshots().keySet()) {
                wrong = wrong != null
                        ? wrong
                        : left.promise.checkSnapshot(snapshot, all(store.snapshotDevice(snapshot)));
            }
            return wrong;
        } catch (BlockDeviceException | ChunkStoreException failure) {
            return "not served: " + failure;
        }
    }

    private static ByteBuffer all(BlockDevice device) {
        ByteBuffer all = ByteBuffer.allocate(VolumeModel.BLOCKS * Volume.BLOCK_BYTES);
        device.read(0, all);
        return all.flip();
    }
}
