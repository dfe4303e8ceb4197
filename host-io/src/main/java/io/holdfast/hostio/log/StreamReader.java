package io.holdfast.hostio.log;

import java.nio.ByteBuffer;
import java.util.List;

/// Reads a stream that another process writes, by places that its writer named. Concurrent; blocks.
///
/// Nothing is fenced and nobody has to answer but the holders. A place is good until the writer's cleaner
/// has moved what was there and released the chunk: then reading fails, and the writer names a new one.
public final class StreamReader {
    private final BlockReader reader;

    /// A reader of one stream.
    ///
    /// @param damages hears of strips found wrong while reading
    public StreamReader(LogRuntime runtime, long stream, DamageListener damages) {
        this.reader = new BlockReader(runtime, new ChunkTable(runtime.directory(), stream), damages);
    }

    /// Fills the target with the runs' blocks, from its position on; the position stays.
    ///
    /// @throws io.holdfast.hostio.chunkstore.ChunkStoreException if a block cannot be read at all
    public void read(List<BlockRun> runs, ByteBuffer target) {
        reader.read(runs, target);
    }
}
