package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.cleaner.CleanerPolicy;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.DamageListener;
import io.holdfast.hostio.log.FragmentRepair;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.LogOptions;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamKey;
import io.holdfast.hostio.log.StripedLog;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A family of volumes, open for writing here and nowhere else. Concurrent.
///
/// Opening takes the family's stream over from whoever had it. Losing it to a newer writer makes every
/// operation fail with [io.holdfast.hostio.blockdevice.FencedException]; close the store then.
public final class VolumeStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeStore.class);
    /// Lanes: what is written, the maps, and from the third on what the cleaner moves.
    static final int MAP_LANE = 1;

    private static final int CHUNKS_CLEANED_AT_ONCE = 4;
    private static final long SLACK_CHUNKS = 4;

    private final Family family;
    private final StripedLog log;
    private final LogLane lane;
    private final LogLane mapLane;
    private final Recovered recovered;
    private final LongAdder loggedBlocks = new LongAdder();
    private final WriteBuffer buffer;
    private final VersionReader reader;
    private final CheckpointWriter checkpoints;
    private final Cleaning cleaning;
    private final FormerProfiles formerProfiles;
    private final Upkeep upkeep;
    private final Map<Integer, Volume> volumes = new ConcurrentHashMap<>();
    /// Held while a member or a version is made, so that numbers are not given twice.
    private final ReentrantLock control = new ReentrantLock();
    /// Held by one checkpoint, cleaning or check at a time.
    private final ReentrantLock maintenance = new ReentrantLock();

    /// What opening found: the checkpoint's number, and how much of the log was replayed.
    private record Recovered(long checkpoint, int rows) {}

    private VolumeStore(Family family, StripedLog log, LogOptions options, Recovered recovered) {
        this.family = family;
        this.log = log;
        this.reader = new VersionReader(log);
        this.recovered = recovered;
        this.lane = log.lane(true, same -> same, this::onDurable);
        this.mapLane = log.lane(false, VolumeStore::replicated, _ -> {});
        this.checkpoints = new CheckpointWriter(
                family, mapLane, log.runtime(), options.batchBlocksMax(), recovered.checkpoint);
        this.upkeep = new Upkeep(this, log.runtime());
        this.cleaning = new Cleaning(
                family, log, CleanerPolicy.DEFAULT, mapLane, checkpoints::write);
        this.formerProfiles = new FormerProfiles(family, log);
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
        AtomicReference<@Nullable Upkeep> upkeep = new AtomicReference<>();
        DamageListener both = (fragment, row, reason) -> {
            Upkeep known = upkeep.get();
            if (known != null) {
                known.met(fragment);
            }
            damages.onDamaged(fragment, row, reason);
        };
        StripedLog log = StripedLog.open(runtime, key, options, new UsageListener(family), both);
        VolumeStore store = new VolumeStore(family, log, options, recover(log, family));
        upkeep.set(store.upkeep);
        store.upkeep.start();
        return store;
    }

    /// Brings the family up to what was acknowledged: from its last checkpoint or, if none is whole, from
    /// the log alone. Pages of what is not whole are given up then, lest a later checkpoint is taken
    /// together with them.
    private static Recovered recover(StripedLog log, Family family) {
        CheckpointReader reader = new CheckpointReader(log, family);
        OptionalLong checkpoint = reader.load();
        if (checkpoint.isPresent()) {
            return new Recovered(checkpoint.getAsLong(), LogReplay.run(log, family));
        }
        int replayed = LogReplay.rebuild(log, family);
        family.rebuilt(reader.lastGeneration());
        for (ChunkRecord chunk : reader.chunks()) {
            log.runtime().directory().reportUseful(log.id(), log.token(), Map.of(chunk.id(), 0L));
            log.release(chunk, Optional.empty());
            family.usage().remove(chunk.number());
        }
        // Every checkpoint took at least one sequence, so later ones have greater numbers than any before.
        return new Recovered(log.lastSequence(), replayed);
    }

    /// The family as the log alone tells it, for comparison.
    ///
    /// @throws io.holdfast.hostio.chunkstore.ChunkStoreException if the log does not tell all
    Family rebuilt() {
        Family other = new Family();
        LogReplay.rebuild(log, other);
        return other;
    }

    StripedLog log() {
        return log;
    }

    /// Maps are read whole when a family is opened: as few hosts as possible should have to be up for that.
    static LogOptions replicated(LogOptions data) {
        return data.withProfile(
                new ErasureProfile(1, data.profile().parityStrips()),
                        Math.min(data.parityMin(), data.profile().parityStrips()));
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
        loggedBlocks.add(batch.count());
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

    /// What differs between two kept versions, from an offset on.
    ///
    /// @param countMax extents at most
    public ChangedExtents changes(int older, int newer, long offset, int countMax) {
        MapVersion before = looking(state -> requirePinned(state, older)).version();
        Family.PinnedVersion after = looking(state -> requirePinned(state, newer));
        return ChangedExtents.between(before, after, offset, countMax);
    }

    /// Whether a volume is what a kept version is: of its size, and nothing was written or cleared since
    /// that was made. Blocks that the cleaner moved may count as written.
    public boolean isAs(int member, int snapshot) {
        flush();
        return looking(state -> {
            Family.Member now = require(state, member);
            Family.PinnedVersion kept = requirePinned(state, snapshot);
            boolean[] differs = {now.sizeBytes != kept.sizeBytes()};
            MapVersion.differences(kept.version(), now.live, 0, (_, _) -> {
                differs[0] = true;
                return false;
            });
            return !differs[0];
        });
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

    /// Stores the maps, so that the next to open has little of the log to replay.
    public void checkpoint() {
        maintenance.lock();
        try {
            checkpoints.write();
        } finally {
            maintenance.unlock();
        }
    }

    /// Gives back the space of a few chunks that hold little of use. Returns how many were released.
    public int clean() {
        return clean(0);
    }

    int clean(int restFactor) {
        maintenance.lock();
        try {
            return cleaning.run(CHUNKS_CLEANED_AT_ONCE, restFactor);
        } catch (ChunkStoreException | ChunkDirectoryException failure) {
            throw Failures.of(failure);
        } finally {
            maintenance.unlock();
        }
    }

    /// Moves what lies in a few chunks of a former profile to chunks of the present one, and releases them.
    /// Returns how many were released: none if all is of the present profile, or too few hosts are up for
    /// it.
    public int recode() {
        return recode(0);
    }

    int recode(int restFactor) {
        maintenance.lock();
        try {
            return cleaning.endsFormerChunk(lane) && cleaning.endsFormerChunk(mapLane)
                    ? cleaning.recode(formerProfiles.sealed(CHUNKS_CLEANED_AT_ONCE), restFactor)
                    : 0;
        } catch (ChunkStoreException | ChunkDirectoryException failure) {
            throw Failures.of(failure);
        } finally {
            maintenance.unlock();
        }
    }

    /// Whether too few holders were up for the present profile when data was last to be moved to it.
    boolean isShortOfHolders() {
        return cleaning.isShortOfHolders();
    }

    /// Bytes of data in chunks of a former profile.
    public long formerProfileBytes() {
        return formerProfiles.bytes();
    }

    /// Whether data is on its way to the present profile: there is some in a former one, and nothing was in
    /// the way lately.
    public boolean isRecoding() {
        return upkeep.isRecoding() && formerProfileBytes() > 0;
    }

    /// Makes chunks with lost fragments whole again, those that can bear least further loss first. Returns
    /// how many are left that could not be.
    ///
    /// @param bytesPerSecondMax how much is computed per second at most
    public int repair(long bytesPerSecondMax) {
        FragmentRepair repair = new FragmentRepair(log.runtime(), log.token(), bytesPerSecondMax);
        List<ChunkRecord> endangered = log.runtime().directory().chunks(log.id()).stream()
                .filter(chunk -> chunk.state() == ChunkRecord.State.SEALED && chunk.lostMask() != 0)
                .sorted(Comparator.comparingInt(VolumeStore::lossesLeft))
                .toList();
        int left = 0;
        for (ChunkRecord chunk : endangered) {
            left += isRepaired(repair, chunk) ? 0 : 1;
        }
        return left;
    }

    private static int lossesLeft(ChunkRecord chunk) {
        return chunk.profile().parityStrips() - Integer.bitCount(chunk.lostMask());
    }

    private boolean isRepaired(FragmentRepair repair, ChunkRecord chunk) {
        maintenance.lock(); // So that the cleaner does not release it meanwhile.
        try {
            boolean isWhole = log.chunk(chunk.number()).isEmpty() || repair.repair(chunk);
            log.refresh(chunk.number());
            return isWhole;
        } catch (ChunkStoreException | ChunkDirectoryException failure) {
            LOG.info("a chunk is not repaired yet: chunk={} reason={}", chunk.id(), failure.getMessage());
            return false;
        } finally {
            maintenance.unlock();
        }
    }

    /// How much of the log the last checkpoint does not reflect.
    long rowsBehind() {
        return looking(Family::sequence) - looking(Family::checkpointSequence);
    }

    /// How much of what is stored in sealed chunks is of use; all of it, if little is stored.
    double usefulShare() {
        family.recountIfStale();
        long slack = SLACK_CHUNKS * log.options().fragmentBytesMax() * log.options().profile().dataStrips();
        return looking(state -> {
            long useful = 0;
            long stored = 0;
            for (ChunkUsage.Use use : state.usage().all().values()) {
                useful += use.isSealed ? use.usefulBlocks * Volume.BLOCK_BYTES : 0;
                stored += use.isSealed ? use.lengthBytes : 0;
            }
            return stored > slack ? (double) useful / stored : 1;
        });
    }

    /// Looks whether the maps and the log fit together, while I/O goes on.
    ///
    /// @param isDeep whether every block is read as well
    public CheckReport check(boolean isDeep) {
        maintenance.lock(); // The cleaner would move what is being looked at.
        try {
            return new VolumeCheck(family, log, isDeep).run();
        } catch (ChunkStoreException | ChunkDirectoryException failure) {
            throw Failures.of(failure);
        } finally {
            maintenance.unlock();
        }
    }

    /// The family's stream.
    public long stream() {
        return log.id();
    }

    /// How the family does.
    public VolumeStatistics statistics() {
        family.recountIfStale();
        return looking(state -> {
            long useful = 0;
            long stored = 0;
            int chunks = 0;
            for (ChunkUsage.Use use : state.usage().all().values()) {
                useful += use.generation == MAP_LANE ? 0 : use.usefulBlocks * Volume.BLOCK_BYTES;
                stored += use.isSealed ? use.lengthBytes : 0;
                chunks += use.isSealed ? 1 : 0;
            }
            return new VolumeStatistics(
                    useful,
                    stored,
                    formerProfiles.bytes(),
                    chunks,
                    cleaning.movedBlocks() * Volume.BLOCK_BYTES,
                    loggedBlocks.sum() * Volume.BLOCK_BYTES,
                    cleaning.releasedChunks(),
                    lane.switchCount(),
                    lane.longestMillis(),
                    recovered.rows);
        });
    }

    /// Another profile, or other bounds, for what is written from the next chunk on. What is there already
    /// is moved to the profile by and by.
    public void use(LogOptions options) {
        log.use(options);
    }

    /// Tells why the volumes fail, if they do: the store never recovers then and is to be opened anew.
    public Optional<BlockDeviceException> failure() {
        return Optional.ofNullable(buffer.failure()).map(Failures::of);
    }

    Family family() {
        return family;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    /// Flushes and seals everything, so that the next to open has nothing to recover. If the family was
    /// taken over by another writer, or too few holders are up, just ends.
    @Override
    public void close() {
        upkeep.close();
        cleaning.stop();
        log.beginClosing();
        CompletableFuture<Void> done = buffer.all();
        buffer.submit();
        boolean isWhole = done.handle((_, failure) -> failure == null).join();
        if (isWhole) {
            checkpointBeforeClosing();
        }
        log.close();
    }

    private void checkpointBeforeClosing() {
        try {
            checkpoint();
        } catch (BlockDeviceException later) {
            LOG.info("closed without a checkpoint: stream={} reason={}",
                    Long.toHexString(log.id()), later.getMessage());
        }
    }
}
