package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;

/// How much of a chunk something still refers to.
///
/// @param chunkNumber the chunk's number within its stream
/// @param bytes never more than the chunk's length
public record UsefulBytes(long chunkNumber, long bytes) {
    public UsefulBytes {
        Check.range("useful bytes", bytes, 0, ChunkRange.CHUNK_BYTES_MAX);
    }
}
