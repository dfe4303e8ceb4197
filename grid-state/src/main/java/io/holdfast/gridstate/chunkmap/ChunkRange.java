package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.ChunkId;

/// A run of bytes within a chunk: how catalogs refer to stored content.
///
/// @param chunk the chunk
/// @param offsetBytes where the run begins in the chunk's data
/// @param lengthBytes how long it is, at least 1
/// @param checksum CRC32C of the run
public record ChunkRange(ChunkId chunk, long offsetBytes, long lengthBytes, int checksum) {
    /// Bounds a chunk, so that sums of lengths cannot overflow.
    public static final long CHUNK_BYTES_MAX = 1L << 40;

    public ChunkRange {
        Check.range("a range's offset", offsetBytes, 0, CHUNK_BYTES_MAX);
        Check.range("a range's length", lengthBytes, 1, CHUNK_BYTES_MAX);
    }
}
