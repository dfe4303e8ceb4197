package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.log.DamageListener;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.log.StripedLog;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A family of volumes, open for writing here and nowhere else. Concurrent.
///
/// Opening takes the family's stream over from whoever had it. Losing it to a newer writer makes every
/// operation fail with [io.holdfast.hostio.blockdevice.FencedException]; close the store then.
public final class VolumeStore implements AutoCloseable {
    private final Family family;
    private final StripedLog log;
    private final WriteBuffer buffer;
    private final VersionReader reader;
    private final Map<Integer, Volume> volumes = new ConcurrentHashMap<>();
    /// Held while a member or a version is made, so that numbers are not given twice.
    private final ReentrantLock control = new ReentrantLock();

    private VolumeStore(Family family, StripedLog log, LogOptions options) {
        this.family = family;
        this.log = log;
        this.reader = new VersionReader(log);
        LogLane lane = log.lane(true, this::onDurable);
        this.buffer = new WriteBuffer(
                log.runtime(), lane, options.batchBlocksMax(), options.batchesInFlightMax());
    }

    /// Takes the family over and recovers what was acknowledged.
    ///
    /// @param damages hears of strips found wrong while reading
    /// @throws io.holdfast.hostio.chunkstore.FencedException if there is a newer writer
    /// @throws io.holdfast.hostio.chunkstore.StoreUnavailableException if too few holders answer
    /// @throws io.holdfast.hostio.holder.ChunkDirectoryException if the directory cannot decide
    public static VolumeStore open(
            LogRuntime runtime, StreamKey key, LogOptions options, DamageListener damages) {
        Family family = new Family();
        StripedLog log = StripedLog.open(runtime, key, options, new UsageListener(family), damages);
        new LogReplay(log, family).run();
        return new VolumeStore(family, log, options);
    }

    private void onDurable(LogBatch batch) {
        family.lock.lock();
        try {
            for (int i = 0; i < batch.count(); i++) {
                family.wrote(batch.key(i), batch.place(i), batch.sequence(i));
            }
            for (int i = 0; i < batch.notes().size(); i++) {
                family.noted(FamilyNote.decode(batch.notes().get(i)), batch.sequence(i));
            }
        } finally {
            family.lock.unlock();
        }
        buffer.applied(batch);
    }

    /// Makes an empty volume and returns its number in the family.
    public int create(long sizeBytes) {
        if (sizeBytes < 0 || sizeBytes % Volume.BLOCK_BYTES != 0
                || sizeBytes / Volume.BLOCK_BYTES > MapVersion.BLOCKS_MAX) {
            throw new OutOfRangeException(
                    "a size is a multiple of 4 KiB and at most 64 TiB: sizeBytes=" + sizeBytes);
        }
        return deciding(state -> {
            int member = state.takeMember();
            return new Decision<>(new FamilyNote.Created(member, state.takeGeneration(), sizeBytes), member);
        });
    }

    /// The numbers of the volumes.
    public List<Integer> members() {
        return looking(state -> state.members().map(member -> member.number).toList());
    }

    /// A volume of the family.
    ///
    /// @throws NoSuchElementException if there is none of this number
    public Volume volume(int member) {
        Family.Member found = looking(state -> require(state, member));
        return volumes.computeIfAbsent(
                member, _ -> new Volume(found, buffer, reader, new VolumeCounters()));
    }

    /// Keeps the volume as it is, with everything that returned before; I/O goes on meanwhile. Returns the
    /// number by which the kept version is known.
    public int snapshot(int member) {
        return deciding(state -> {
            int frozen = require(state, member).live.generation();
            return new Decision<>(new FamilyNote.Pinned(member, frozen, state.takeGeneration()), frozen);
        });
    }

    /// The kept versions: number to the volume it was made of.
    public Map<Integer, Integer> snapshots() {
        return looking(state -> {
            Map<Integer, Integer> found = new TreeMap<>();
            state.allPinned().forEach((generation, pinned) -> found.put(generation, pinned.member()));
            return found;
        });
    }

    /// A kept version, to be read.
    public BlockDevice snapshotDevice(int snapshot) {
        return new PinnedVolume(looking(state -> requirePinned(state, snapshot)), reader);
    }

    /// Makes a volume that begins as a kept version, and returns its number.
    public int clone(int snapshot) {
        return deciding(state -> {
            requirePinned(state, snapshot);
            int member = state.takeMember();
            return new Decision<>(new FamilyNote.Cloned(snapshot, member, state.takeGeneration()), member);
        });
    }

    /// Makes a volume what a kept version is.
    public void rollBack(int member, int snapshot) {
        deciding(state -> {
            require(state, member);
            requirePinned(state, snapshot);
            return new Decision<>(
                    new FamilyNote.RolledBack(member, snapshot, state.takeGeneration()), member);
        });
    }

    /// Gives a kept version up. Volumes cloned from it stay what they are.
    public void deleteSnapshot(int snapshot) {
        deciding(state -> {
            requirePinned(state, snapshot);
            return new Decision<>(new FamilyNote.Unpinned(snapshot), snapshot);
        });
    }

    /// Deletes a volume; its kept versions stay.
    public void delete(int member) {
        deciding(state -> {
            require(state, member);
            return new Decision<>(new FamilyNote.Deleted(member), member);
        });
        volumes.remove(member);
    }

    /// A note to be made durable, and what to answer then.
    private record Decision<T>(FamilyNote note, T result) {}

    /// Decides something about the family, one at a time, and waits until it is durable and in force.
    private <T> T deciding(Function<Family, Decision<T>> decide) {
        control.lock();
        try {
            // The buffer may make us wait until the maps have taken something, so not under their lock.
            Decision<T> decision = looking(decide);
            CompletableFuture<Void> done = buffer.note(decision.note);
            buffer.submit();
            Failures.await(done);
            return decision.result;
        } finally {
            control.unlock();
        }
    }

    private <T> T looking(Function<Family, T> look) {
        family.lock.lock();
        try {
            return look.apply(family);
        } finally {
            family.lock.unlock();
        }
    }

    private static Family.Member require(Family state, int member) {
        return state.member(member).orElseThrow(() -> missing("volume", member));
    }

    private static Family.PinnedVersion requirePinned(Family state, int snapshot) {
        return state.pinned(snapshot).orElseThrow(() -> missing("snapshot", snapshot));
    }

    private static NoSuchElementException missing(String what, int number) {
        return new NoSuchElementException("no such " + what + ": number=" + number);
    }

    /// Makes everything that returned before durable.
    public void flush() {
        CompletableFuture<Void> done = buffer.all();
        buffer.submit();
        Failures.await(done);
    }

    StripedLog log() {
        return log;
    }

    /// Flushes and seals everything, so that the next to open has nothing to recover. If the family was
    /// taken over by another writer, just ends.
    @Override
    public void close() {
        CompletableFuture<Void> done = buffer.all();
        buffer.submit();
        done.handle((_, _) -> true).join();
        log.close();
    }
}
