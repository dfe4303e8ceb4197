package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.id.ChunkId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where the fragments of a stream's chunks lie, kept in memory. Concurrent.
final class ChunkTable {
    private final ChunkDirectory directory;
    private final long stream;
    private final ConcurrentHashMap<Long, ChunkRecord> chunks = new ConcurrentHashMap<>();

    ChunkTable(ChunkDirectory directory, long stream) {
        this.directory = directory;
        this.stream = stream;
    }

    void put(ChunkRecord chunk) {
        chunks.put(chunk.number(), chunk);
    }

    void remove(long number) {
        chunks.remove(number);
    }

    Optional<ChunkRecord> find(long number) {
        return Optional.ofNullable(chunks.get(number));
    }

    /// The chunk, as known here; asks the directory for one that is not.
    ChunkRecord get(long number) {
        ChunkRecord known = chunks.get(number);
        return known != null ? known : refresh(number);
    }

    /// Asks the directory, since fragments may have moved.
    ChunkRecord refresh(long number) {
        ChunkRecord now = directory.find(new ChunkId(stream, number))
                .orElseThrow(() -> new StoreUnavailableException(
                        "no such chunk: chunk=" + new ChunkId(stream, number)));
        chunks.put(number, now);
        return now;
    }

    void refreshIfThere(long number) {
        directory.find(new ChunkId(stream, number)).ifPresentOrElse(this::put, () -> remove(number));
    }

    Collection<ChunkRecord> all() {
        return List.copyOf(chunks.values());
    }
}
