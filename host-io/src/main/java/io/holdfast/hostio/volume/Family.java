package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.LongTable;
import io.holdfast.hostio.blockmap.MapPage;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.log.BlockPlace;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The members of a family and the versions of their maps, as far as the log is durable. Concurrent: changes
/// under [#lock], which the caller holds; the maps are read without.
final class Family {
    /// Guards everything here.
    final ReentrantLock lock = new ReentrantLock();

    private final TreeMap<Integer, Member> members = new TreeMap<>();
    private final TreeMap<Integer, PinnedVersion> pinned = new TreeMap<>();
    private final ChunkUsage usage = new ChunkUsage();
    private int nextMember;
    private int nextGeneration = 1;
    private long sequence;
    private boolean isCountStale;
    /// Every generation that a version stands on, and the one it was forked from; 0 for none.
    private final TreeMap<Integer, Integer> lineage = new TreeMap<>();
    /// Where the last checkpoint has its pages and tables.
    private LongTable stored = new LongTable(8);
    private long checkpointSequence;

    /// A volume.
    static final class Member {
        final int number;
        volatile long sizeBytes;
        volatile MapVersion live;
        volatile boolean isDeleted;

        Member(int number, long sizeBytes, MapVersion live) {
            this.number = number;
            this.sizeBytes = sizeBytes;
            this.live = live;
        }
    }

    /// A version that is kept.
    ///
    /// @param member whose it was
    /// @param sizeBytes of the volume then
    record PinnedVersion(int member, long sizeBytes, MapVersion version) {}

    ChunkUsage usage() {
        return usage;
    }

    Optional<Member> member(int number) {
        return Optional.ofNullable(members.get(number));
    }

    Stream<Member> members() {
        return members.values().stream();
    }

    Optional<PinnedVersion> pinned(int generation) {
        return Optional.ofNullable(pinned.get(generation));
    }

    Map<Integer, PinnedVersion> allPinned() {
        return pinned;
    }

    /// The log is reflected up to this sequence.
    long sequence() {
        return sequence;
    }

    int takeMember() {
        return nextMember++;
    }

    int takeGeneration() {
        return nextGeneration++;
    }

    /// A block was written.
    void wrote(long key, long place, long atSequence) {
        sequence = Math.max(sequence, atSequence);
        Member member = members.get(BlockKey.member(key));
        if (member == null) {
            return; // Deleted meanwhile.
        }
        long block = BlockKey.block(key);
        long before = member.live.put(block, place);
        usage.referred(place);
        dropped(member, block, before);
    }

    /// The live version refers to the place no more; an older one still may.
    private void dropped(Member member, long block, long before) {
        MapVersion parent = member.live.parent();
        boolean isShared = parent != null && parent.get(block) == before;
        if (before != 0 && !isShared) {
            usage.dropped(before);
        }
    }

    /// A note came to be durable.
    void noted(FamilyNote note, long atSequence) {
        sequence = Math.max(sequence, atSequence);
        switch (note) {
            case FamilyNote.Created(int number, int generation, long bytes) -> {
                add(new Member(number, bytes, MapVersion.empty(generation)));
                descend(generation, 0);
            }
            case FamilyNote.Resized(int number, long bytes) ->
                member(number).ifPresent(member -> resize(member, bytes));
            case FamilyNote.Pinned(int number, int generation, int next) ->
                member(number).ifPresent(member -> pin(member, generation, next));
            case FamilyNote.Unpinned(int generation) -> unpin(generation);
            case FamilyNote.Cloned(int generation, int number, int next) ->
                pinned(generation).ifPresent(from -> copy(from, number, next));
            case FamilyNote.RolledBack(int number, int generation, int next) ->
                member(number).ifPresent(member -> rollBack(member, generation, next));
            case FamilyNote.Deleted(int number) -> delete(number);
            case FamilyNote.Cleared(int number, long first, long count) ->
                member(number).ifPresent(member -> clear(member, first, count));
        }
    }

    private void add(Member member) {
        members.put(member.number, member);
        nextMember = Math.max(nextMember, member.number + 1);
    }

    private void copy(PinnedVersion from, int number, int next) {
        add(new Member(number, from.sizeBytes(), from.version().fork(next)));
        descend(next, from.version().generation());
    }

    private void descend(int generation, int parent) {
        lineage.put(generation, parent);
        nextGeneration = Math.max(nextGeneration, generation + 1);
    }

    private void resize(Member member, long bytes) {
        long blocks = bytes / Volume.BLOCK_BYTES;
        if (bytes < member.sizeBytes) {
            clear(member, blocks, Long.MAX_VALUE - blocks);
        }
        member.sizeBytes = bytes;
    }

    private void pin(Member member, int generation, int next) {
        MapVersion frozen = member.live;
        pinned.put(generation, new PinnedVersion(member.number, member.sizeBytes, frozen));
        member.live = frozen.fork(next);
        descend(next, generation);
    }

    private void unpin(int generation) {
        PinnedVersion gone = pinned.remove(generation);
        if (gone == null) {
            return;
        }
        for (Member member : members.values()) {
            if (member.live.parent() == gone.version()) {
                member.live = member.live.withParent(nearestKept(member.live.generation()));
            }
        }
        isCountStale = true;
    }

    /// The version that is still kept and that a generation stands on, however far down.
    private @Nullable MapVersion nearestKept(int generation) {
        int at = lineage.getOrDefault(generation, 0);
        while (at != 0 && !pinned.containsKey(at)) {
            at = lineage.getOrDefault(at, 0);
        }
        PinnedVersion kept = pinned.get(at);
        return kept == null ? null : kept.version();
    }

    private void rollBack(Member member, int generation, int next) {
        PinnedVersion to = pinned.get(generation);
        if (to != null) {
            member.live = to.version().fork(next);
            member.sizeBytes = to.sizeBytes();
            descend(next, generation);
            isCountStale = true;
        }
    }

    private void delete(int number) {
        Member gone = members.remove(number);
        if (gone != null) {
            gone.isDeleted = true;
            isCountStale = true;
        }
    }

    private void clear(Member member, long first, long count) {
        member.live.clear(first, count, (block, before) -> dropped(member, block, before));
    }

    /// All versions, live and kept.
    Stream<MapVersion> versions() {
        return Stream.concat(
                members.values().stream().map(member -> member.live),
                pinned.values().stream().map(PinnedVersion::version));
    }

    /// What a checkpoint is to say now.
    FamilyTable table() {
        Set<Integer> needed = new TreeSet<>();
        versions().forEach(version -> {
            int at = version.generation();
            while (at != 0 && needed.add(at)) {
                at = lineage.getOrDefault(at, 0);
            }
        });
        lineage.keySet().retainAll(needed);
        return new FamilyTable(
                sequence,
                nextMember,
                nextGeneration,
                lineage.entrySet().stream()
                        .map(line -> new FamilyTable.Descent(line.getKey(), line.getValue()))
                        .toList(),
                members.values().stream()
                        .map(member -> new FamilyTable.MemberLine(
                                member.number, member.live.generation(), member.sizeBytes))
                        .toList(),
                pinned.entrySet().stream()
                        .map(kept -> new FamilyTable.PinnedLine(
                                kept.getKey(), kept.getValue().member(), kept.getValue().sizeBytes()))
                        .toList(),
                usage.sealedLines());
    }

    /// Becomes what a checkpoint says.
    ///
    /// @param pages by generation
    /// @param places where the checkpoint has its pages and tables
    void restore(FamilyTable table, Map<Integer, List<MapPage>> pages, LongTable places) {
        lock.lock();
        try {
            sequence = table.sequence();
            nextMember = table.nextMember();
            nextGeneration = table.nextGeneration();
            table.lineage().forEach(line -> lineage.put(line.generation(), line.parent()));
            usage.restore(table.chunks());
            Map<Integer, MapVersion> versions = new HashMap<>();
            // A parent always has the smaller number.
            lineage.forEach((generation, parent) -> {
                MapVersion base = versions.get(parent);
                MapVersion version = base == null ? MapVersion.empty(generation) : base.fork(generation);
                pages.getOrDefault(generation, List.of()).forEach(version::adopt);
                versions.put(generation, version);
            });
            table.pinned().forEach(line -> pinned.put(line.generation(), new PinnedVersion(
                    line.member(), line.sizeBytes(), version(versions, line.generation()).withParent(null))));
            table.members().forEach(line -> members.put(line.number(), new Member(
                    line.number(),
                    line.sizeBytes(),
                    version(versions, line.generation()).withParent(nearestKept(line.generation())))));
            checkpointed(places, table.sequence());
            isCountStale = true;
        } finally {
            lock.unlock();
        }
    }

    private static MapVersion version(Map<Integer, MapVersion> versions, int generation) {
        return Objects.requireNonNull(versions.get(generation), "a version without its generation");
    }

    /// Became what the log tells from its beginning.
    ///
    /// @param lastGeneration that was ever seen; later ones are greater
    void rebuilt(int lastGeneration) {
        lock.lock();
        try {
            nextGeneration = Math.max(nextGeneration, lastGeneration + 1);
            isCountStale = true;
        } finally {
            lock.unlock();
        }
    }

    /// A checkpoint is durable.
    void checkpointed(LongTable places, long atSequence) {
        stored = places;
        checkpointSequence = atSequence;
        usage.setCheckpointPlaces(places);
    }

    /// Where a page was stored last; none if it was not.
    long pagePlace(long key) {
        lock.lock();
        try {
            long place = stored.get(key);
            return place == LongTable.ABSENT ? BlockPlace.NONE : place;
        } finally {
            lock.unlock();
        }
    }

    /// The last checkpoint reflects the log up to this sequence.
    long checkpointSequence() {
        return checkpointSequence;
    }

    /// Whether any version has the block there. What no version has, none ever will again.
    boolean isReferred(long key, long place) {
        long block = BlockKey.block(key);
        lock.lock();
        try {
            return versions().anyMatch(version -> version.get(block) == place);
        } finally {
            lock.unlock();
        }
    }

    /// A block lies elsewhere now, for every version that has it.
    void moved(long key, long from, long to) {
        long block = BlockKey.block(key);
        boolean[] isUsed = {false};
        versions().forEach(version -> isUsed[0] |= version.relocate(block, from, to));
        if (isUsed[0]) {
            usage.referred(to);
            usage.dropped(from);
        }
    }

    /// Pages that the last checkpoint has in a chunk are stored again by the next one.
    void soilPagesIn(long chunk) {
        List<MapVersion> all;
        lock.lock();
        try {
            all = versions().toList();
        } finally {
            lock.unlock();
        }
        for (MapVersion version : all) {
            version.forEachPage(page -> {
                long place = pagePlace(BlockKey.ofPage(page.generation(), page.number()));
                if (place != BlockPlace.NONE && BlockPlace.chunk(place) == chunk) {
                    page.soil();
                }
            });
        }
    }

    /// Counts what is useful from the maps, if the counts kept along the way became wrong: versions that are
    /// gone drop what only they referred to. A place in a page shared by several versions counts once; one
    /// in two copies of a page counts twice, so a chunk is hardly ever taken for emptier than it is. The
    /// walk itself holds no lock; what changes meanwhile may be counted wrongly until the next one.
    void recountIfStale() {
        List<MapVersion> all;
        lock.lock();
        try {
            if (!isCountStale) {
                return;
            }
            isCountStale = false;
            all = versions().toList();
        } finally {
            lock.unlock();
        }
        Map<Long, Long> counted = count(all);
        lock.lock();
        try {
            usage.setUseful(counted);
        } finally {
            lock.unlock();
        }
    }

    private static Map<Long, Long> count(List<MapVersion> versions) {
        Map<Long, Long> counted = new HashMap<>();
        Set<MapPage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (MapVersion version : versions) {
            version.forEachPage(page -> {
                boolean isNew = seen.add(page);
                for (int i = 0; isNew && i < MapPage.BLOCKS; i++) {
                    long place = page.get(i);
                    if (place != BlockPlace.NONE) {
                        counted.merge(BlockPlace.chunk(place), 1L, Long::sum);
                    }
                }
            });
        }
        return counted;
    }
}
