package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.util.List;
import java.util.Optional;

/// A layer or other content-addressed blob.
///
/// @param sizeBytes its size
/// @param mediaType as its manifest states it
/// @param content its bytes in order, if they lie in chunks of their own
/// @param holderCount nodes that hold blocks of it
/// @param state whether something needs it
/// @param blob where its bytes lie otherwise
public record LayerEntry(
        long sizeBytes,
        String mediaType,
        List<ChunkRange> content,
        int holderCount,
        LayerState state,
        Optional<StoredBlob> blob) {
    /// Runs that one layer may be split into.
    public static final int RANGES_MAX = 8_192;

    /// The unit in which nodes tell what they hold of a layer.
    public static final long BLOCK_BYTES = 128 << 10;

    public LayerEntry {
        Check.notNegative("a layer's size", sizeBytes);
        Check.text("a media type", mediaType, 255);
        content = Check.atMost("a layer's ranges", content, RANGES_MAX);
        Check.notNegative("a holder count", holderCount);
    }

    public long blockCount() {
        return (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    LayerEntry withState(LayerState next) {
        return new LayerEntry(sizeBytes, mediaType, content, holderCount, next, blob);
    }

    LayerEntry withHolderCount(int count) {
        return new LayerEntry(sizeBytes, mediaType, content, count, state, blob);
    }
}
