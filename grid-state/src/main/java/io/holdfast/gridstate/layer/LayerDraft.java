package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.util.List;
import java.util.Optional;

/// What a layer is and where it lies.
///
/// @param sizeBytes its size
/// @param mediaType as its manifest states it
/// @param content its bytes in order, all of them, if they lie in chunks of their own
/// @param blob where they lie otherwise
public record LayerDraft(
        long sizeBytes, String mediaType, List<ChunkRange> content, Optional<StoredBlob> blob) {
    public LayerDraft {
        Check.notNegative("a layer's size", sizeBytes);
        Check.text("a media type", mediaType, 255);
        content = Check.atMost("a layer's ranges", content, LayerEntry.RANGES_MAX);
        long sum = 0;
        for (ChunkRange range : content) {
            sum += range.lengthBytes();
        }
        if (blob.isPresent()) {
            requireWhole(blob.get(), sizeBytes, content);
        } else if (sum != sizeBytes) {
            throw new IllegalArgumentException(
                    "a layer's ranges hold all of it: sizeBytes=" + sizeBytes + " rangesBytes=" + sum);
        }
    }

    /// A layer that is one blob of the chunk store.
    public static LayerDraft in(StoredBlob blob, String mediaType) {
        return new LayerDraft(blob.lengthBytes(), mediaType, List.of(), Optional.of(blob));
    }

    private static void requireWhole(StoredBlob blob, long sizeBytes, List<ChunkRange> content) {
        if (blob.lengthBytes() != sizeBytes || !content.isEmpty()) {
            throw new IllegalArgumentException("a layer's blob holds all of it, and nothing else does:"
                    + " sizeBytes=" + sizeBytes + " blobBytes=" + blob.lengthBytes() + " ranges="
                    + content.size());
        }
    }
}
