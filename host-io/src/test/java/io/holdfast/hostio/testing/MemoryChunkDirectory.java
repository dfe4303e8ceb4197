package io.holdfast.hostio.testing;

import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkRecord.State;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.TooFewHoldersException;
import io.holdfast.hostio.id.ChunkId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A directory in memory that decides at once, with the rules of the real one. Concurrent: one lock.
public final class MemoryChunkDirectory implements ChunkDirectory {
    private final List<HolderId> holders;
    private final TreeMap<ChunkId, ChunkRecord> chunks = new TreeMap<>();
    private final Map<Long, Long> tokens = new HashMap<>();
    private final Map<Long, Long> next = new HashMap<>();
    private Predicate<HolderId> isUp = _ -> true;
    private boolean isUndecided;
    private int turn;

    public MemoryChunkDirectory(List<HolderId> holders) {
        this.holders = List.copyOf(holders);
    }

    /// Which holders are offered.
    public synchronized void offer(Predicate<HolderId> up) {
        isUp = up;
    }

    /// Whether every call fails from now on.
    public synchronized void setUndecided(boolean undecided) {
        isUndecided = undecided;
    }

    /// A copy as it is now.
    public synchronized MemoryChunkDirectory copy() {
        MemoryChunkDirectory copy = new MemoryChunkDirectory(holders);
        copy.chunks.putAll(chunks);
        copy.tokens.putAll(tokens);
        copy.next.putAll(next);
        return copy;
    }

    public synchronized List<ChunkRecord> all() {
        return List.copyOf(chunks.values());
    }

    private void admit(long stream, long token) {
        if (isUndecided) {
            throw new ChunkDirectoryException("injected: no majority");
        }
        long newest = tokens.merge(stream, token, Math::max);
        if (newest > token) {
            throw new FencedException(stream, token, newest);
        }
    }

    @Override
    public synchronized void fence(long stream, long token) {
        admit(stream, token);
    }

    @Override
    public synchronized ChunkRecord open(
            long stream, long token, ErasureProfile profile, Set<HolderId> avoid) {
        admit(stream, token);
        List<HolderId> chosen = new ArrayList<>();
        for (int i = 0; i < holders.size(); i++) {
            HolderId holder = holders.get((turn + i) % holders.size());
            if (isUp.test(holder) && !avoid.contains(holder) && chosen.size() < profile.strips()) {
                chosen.add(holder);
            }
        }
        if (chosen.size() < profile.strips()) {
            throw new TooFewHoldersException(profile.strips(), chosen.size());
        }
        turn++;
        long number = next.merge(stream, 1L, Long::sum) - 1;
        ChunkRecord record =
                new ChunkRecord(new ChunkId(stream, number), profile, chosen, State.OPEN, 0, 0, 0);
        chunks.put(record.id(), record);
        return record;
    }

    private ChunkRecord require(ChunkId id) {
        ChunkRecord record = chunks.get(id);
        if (record == null) {
            throw new IllegalStateException("no such chunk: chunk=" + id);
        }
        return record;
    }

    @Override
    public synchronized void seal(ChunkId chunk, long token, ChunkSealing sealing) {
        admit(chunk.high(), token);
        ChunkRecord record = require(chunk);
        if (!record.isOpen()) {
            if (record.lengthBytes() != sealing.lengthBytes()) {
                throw new IllegalStateException("sealed with another length: chunk=" + record);
            }
            return;
        }
        chunks.put(chunk, new ChunkRecord(
                chunk,
                record.profile(),
                record.holders(),
                State.SEALED,
                sealing.lostMask(),
                sealing.lengthBytes(),
                sealing.usefulBytes()));
    }

    @Override
    public synchronized Optional<ChunkRecord> find(ChunkId chunk) {
        return Optional.ofNullable(chunks.get(chunk));
    }

    @Override
    public synchronized List<ChunkRecord> chunks(long stream) {
        return chunks.values().stream().filter(chunk -> chunk.id().high() == stream).toList();
    }

    @Override
    public synchronized void reportUseful(long stream, long token, Map<ChunkId, Long> usefulBytes) {
        admit(stream, token);
        usefulBytes.forEach((id, useful) -> {
            ChunkRecord record = require(id);
            chunks.put(id, new ChunkRecord(
                    id,
                    record.profile(),
                    record.holders(),
                    record.state(),
                    record.lostMask(),
                    record.lengthBytes(),
                    useful));
        });
    }

    private void become(ChunkRecord record, List<HolderId> places, State state, int lostMask) {
        chunks.put(record.id(), new ChunkRecord(
                record.id(),
                record.profile(),
                places,
                state,
                lostMask,
                record.lengthBytes(),
                record.usefulBytes()));
    }

    @Override
    public synchronized void reportLost(ChunkId chunk, int lostMask) {
        ChunkRecord record = require(chunk);
        become(record, record.holders(), record.state(), record.lostMask() | lostMask);
    }

    @Override
    public synchronized Optional<HolderId> spare(ChunkRecord chunk, int index, Set<HolderId> avoid) {
        return holders.stream()
                .filter(holder -> isUp.test(holder) && !avoid.contains(holder))
                .filter(holder -> holder.equals(chunk.holders().get(index))
                        || !chunk.holders().contains(holder))
                .findFirst();
    }

    @Override
    public synchronized void replace(ChunkRecord chunk, int index, HolderId to) {
        ChunkRecord record = require(chunk.id());
        List<HolderId> places = new ArrayList<>(record.holders());
        places.set(index, to);
        become(record, places, record.state(), record.lostMask() & ~(1 << index));
    }

    @Override
    public synchronized void release(ChunkId chunk, long token, Optional<ChunkId> replacement) {
        admit(chunk.high(), token);
        ChunkRecord record = require(chunk);
        if (record.isOpen()) {
            throw new IllegalStateException("seal it first: chunk=" + chunk);
        }
        if (record.usefulBytes() > 0 && replacement.isEmpty()) {
            throw new IllegalStateException("the chunk holds useful bytes: chunk=" + record);
        }
        become(record, record.holders(), State.RELEASED, record.lostMask());
    }

    @Override
    public synchronized void forget(ChunkId chunk) {
        chunks.remove(chunk);
    }
}
