package io.holdfast.hostio.log;

import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A stream, written by this process alone. Concurrent.
///
/// Lanes are numbered from 0; each appends to a chunk of its own, so that what is written together stays
/// together. Opening shuts out the writer before and ends the chunks it left open.
public final class StripedLog implements AutoCloseable {
    private final LogStream stream;
    private final ChunkSealer sealer;
    private final ChunkTable chunks;
    private final BlockReader reader;
    private final List<ChunkSupply> supplies = new CopyOnWriteArrayList<>();
    private final List<LogLane> lanes = new CopyOnWriteArrayList<>();
    private volatile boolean isClosing;

    private StripedLog(LogStream stream, ChunkTable chunks, DamageListener damages) {
        this.stream = stream;
        this.chunks = chunks;
        this.sealer = new ChunkSealer(stream);
        this.reader = new BlockReader(stream.runtime(), chunks, damages);
    }

    /// Takes the stream over: fences it, and ends every chunk that another writer left open.
    ///
    /// @param listener hears of chunks; those that are ended here included
    /// @throws io.holdfast.hostio.chunkstore.FencedException if there is a newer writer
    /// @throws io.holdfast.hostio.chunkstore.StoreUnavailableException if too few holders of a chunk answer
    /// that is open or of no length
    /// @throws io.holdfast.hostio.holder.ChunkDirectoryException if the directory cannot decide
    public static StripedLog open(
            LogRuntime runtime,
            StreamKey key,
            LogOptions options,
            ChunkListener listener,
            DamageListener damages) {
        ChunkTable chunks = new ChunkTable(runtime.directory(), key.stream());
        LogStream stream = new LogStream(runtime, key, options, new Recording(chunks, listener));
        StripedLog log = new StripedLog(stream, chunks, damages);
        runtime.directory().fence(key.stream(), key.token());
        for (ChunkRecord chunk : runtime.directory().chunks(key.stream())) {
            switch (chunk.state()) {
                case OPEN -> log.recover(chunk);
                case SEALED -> log.take(chunk);
                case RELEASED -> runtime.workers().execute(() -> log.sealer.remove(chunk));
            }
        }
        return log;
    }

    /// One without rows was being abandoned when its writer died: after it was sealed, before its release.
    /// One that has nothing but notes is of no length either, and is kept.
    private void take(ChunkRecord chunk) {
        if (chunk.lengthBytes() == 0 && ChunkScan.isWithoutRows(stream.runtime(), chunk)) {
            release(chunk, Optional.empty());
        } else {
            chunks.put(chunk);
        }
    }

    private void recover(ChunkRecord chunk) {
        List<ScannedRow> rows = new ChunkRecovery(stream, sealer, chunk).run();
        if (!rows.isEmpty()) {
            stream.sequenceSeen(rows.getLast().sequence());
        }
    }

    /// Keeps the table of chunks before telling the owner.
    private record Recording(ChunkTable chunks, ChunkListener owner) implements ChunkListener {
        @Override
        public void onOpened(ChunkRecord chunk, int lane) {
            chunks.put(chunk);
            owner.onOpened(chunk, lane);
        }

        @Override
        public long usefulBytes(ChunkRecord chunk, long lengthBytes) {
            return owner.usefulBytes(chunk, lengthBytes);
        }

        @Override
        public void onSealed(ChunkRecord chunk, SealedExtent extent) {
            chunks.put(chunk);
            owner.onSealed(chunk, extent);
        }
    }

    /// Sequences up to this one are in use: the next ones are greater.
    public void sequenceSeen(long sequence) {
        stream.sequenceSeen(sequence);
    }

    /// The greatest sequence given so far.
    public long lastSequence() {
        return stream.lastSequence();
    }

    public long id() {
        return stream.id();
    }

    public long token() {
        return stream.token();
    }

    public LogRuntime runtime() {
        return stream.runtime();
    }

    public LogOptions options() {
        return stream.options();
    }

    /// From the next chunk on.
    public void use(LogOptions options) {
        stream.use(options);
    }

    /// Adds a lane. Its first chunk is opened when something is appended.
    ///
    /// @param isPreparing whether the chunk after the current one is opened ahead
    /// @param options how this lane is written, given how the stream is
    public LogLane lane(
            boolean isPreparing, UnaryOperator<LogOptions> options, LogLane.BatchListener listener) {
        int number = lanes.size();
        LaneKey key = new LaneKey(number, () -> options.apply(stream.options()));
        ChunkSupply supply = new ChunkSupply(stream, key, isPreparing, sealer);
        LogLane lane = new LogLane(key, stream, supply, listener);
        supplies.add(supply);
        lanes.add(lane);
        return lane;
    }

    /// Fills the target with the runs' blocks, from its position on; the position stays.
    ///
    /// @throws io.holdfast.hostio.chunkstore.ChunkStoreException if a block cannot be read at all
    public void read(List<BlockRun> runs, ByteBuffer target) {
        reader.read(runs, target);
    }

    /// All chunks that are not released, as last known here.
    public Collection<ChunkRecord> chunks() {
        return chunks.all();
    }

    public Optional<ChunkRecord> chunk(long number) {
        return chunks.find(number);
    }

    /// Asks the directory where a chunk's fragments lie now.
    public void refresh(long number) {
        chunks.refreshIfThere(number);
    }

    /// The rows of a sealed chunk, as its strips tell.
    ///
    /// @throws io.holdfast.hostio.chunkstore.StoreUnavailableException if too few fragments can be read
    public List<ScannedRow> scan(ChunkRecord chunk) {
        return ChunkScan.readable(stream.runtime(), chunk);
    }

    /// The rows of a chunk that may still be appended to, as far as they can be read now.
    public List<ScannedRow> scanOpen(ChunkRecord chunk) {
        return ChunkScan.read(stream.runtime(), chunk, 0).rows();
    }

    /// The first row of each chunk, as far as its data strips' holders tell; asked for all at once.
    public Map<Long, ScannedRow> firstRows(Collection<ChunkRecord> of) {
        return ChunkScan.firstRows(stream.runtime(), of);
    }

    /// Gives up a chunk, deletes its fragments, and forgets it.
    public void release(ChunkRecord chunk, Optional<ChunkId> replacement) {
        stream.runtime().directory().release(chunk.id(), stream.token(), replacement);
        chunks.remove(chunk.number());
        sealer.remove(chunk);
    }

    /// Holders that did not answer lately.
    public Collection<HolderId> suspects() {
        return stream.runtime().health().suspects();
    }

    /// From now on nothing waits for long until enough holders are up: it fails instead.
    public void beginClosing() {
        isClosing = true;
        supplies.forEach(ChunkSupply::stop);
    }

    /// Whether nothing is waited for any more.
    public boolean isClosing() {
        return isClosing;
    }

    /// Waits for what is on its way and seals all chunks.
    @Override
    public void close() {
        beginClosing();
        List<LogLane> closing = new ArrayList<>(lanes);
        closing.forEach(LogLane::close);
        supplies.forEach(ChunkSupply::close);
        sealer.close();
    }
}
