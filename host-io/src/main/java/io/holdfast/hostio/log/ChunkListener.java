package io.holdfast.hostio.log;

import io.holdfast.hostio.holder.ChunkRecord;

/// Hears of the chunks of a stream. Called on worker threads, may block.
public interface ChunkListener {
    /// A chunk was entered in the directory, and will hold what lane number `lane` appends from now on.
    void onOpened(ChunkRecord chunk, int lane);

    /// How much of a chunk is useful, asked when it is sealed.
    ///
    /// @param lengthBytes of its data, the most there can be
    long usefulBytes(ChunkRecord chunk, long lengthBytes);

    /// A chunk is sealed: its record has its final length.
    void onSealed(ChunkRecord chunk, SealedExtent extent);

    /// What the rows of a sealed chunk span.
    ///
    /// @param rows how many
    /// @param firstSequence of the first row
    /// @param lastSequence of the last one
    record SealedExtent(int rows, long firstSequence, long lastSequence) {}
}
