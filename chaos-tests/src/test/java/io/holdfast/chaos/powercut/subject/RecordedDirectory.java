package io.holdfast.chaos.powercut.subject;

import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.MemoryChunkDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// A chunk directory that remembers what it was at each position of a recording. It stands for a ledger on
/// other hosts, which keep their power: what it has decided stays decided. Concurrent: one lock.
final class RecordedDirectory implements ChunkDirectory {
    private final MemoryChunkDirectory now = new MemoryChunkDirectory(FolderHosts.ids());
    private final IntSupplier position;
    private final List<Former> formers = new ArrayList<>();

    /// @param position of the first event that may depend on it
    private record Former(int position, MemoryChunkDirectory directory) {}

    RecordedDirectory(IntSupplier position) {
        this.position = position;
    }

    /// What had been decided at the position, to go on from.
    synchronized MemoryChunkDirectory at(int cut) {
        MemoryChunkDirectory found = new MemoryChunkDirectory(FolderHosts.ids());
        for (Former former : formers) {
            if (former.position <= cut) {
                found = former.directory;
            }
        }
        return found.copy();
    }

    private synchronized <T> T deciding(Supplier<T> decision) {
        T result = decision.get();
        formers.add(new Former(position.getAsInt(), now.copy()));
        return result;
    }

    private void deciding(Runnable decision) {
        var _ = deciding(() -> {
            decision.run();
            return true;
        });
    }

    @Override
    public void fence(long stream, long token) {
        deciding(() -> now.fence(stream, token));
    }

    @Override
    public ChunkRecord open(long stream, long token, ErasureProfile profile, Set<HolderId> avoid) {
        return deciding(() -> now.open(stream, token, profile, avoid));
    }

    @Override
    public void seal(ChunkId chunk, long token, ChunkSealing sealing) {
        deciding(() -> now.seal(chunk, token, sealing));
    }

    @Override
    public Optional<ChunkRecord> find(ChunkId chunk) {
        return now.find(chunk);
    }

    @Override
    public List<ChunkRecord> chunks(long stream) {
        return now.chunks(stream);
    }

    @Override
    public void reportUseful(long stream, long token, Map<ChunkId, Long> usefulBytes) {
        deciding(() -> now.reportUseful(stream, token, usefulBytes));
    }

    @Override
    public void reportLost(ChunkId chunk, int lostMask) {
        deciding(() -> now.reportLost(chunk, lostMask));
    }

    @Override
    public Optional<HolderId> spare(ChunkRecord chunk, int index, Set<HolderId> avoid) {
        return now.spare(chunk, index, avoid);
    }

    @Override
    public void replace(ChunkRecord chunk, int index, HolderId to) {
        deciding(() -> now.replace(chunk, index, to));
    }

    @Override
    public void release(ChunkId chunk, long token, Optional<ChunkId> replacement) {
        deciding(() -> now.release(chunk, token, replacement));
    }

    @Override
    public void forget(ChunkId chunk) {
        deciding(() -> now.forget(chunk));
    }
}
