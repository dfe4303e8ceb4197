package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import java.util.List;

/// What a layer is and where it lies.
///
/// @param sizeBytes its size
/// @param mediaType as its manifest states it
/// @param content its bytes in order, all of them
public record LayerDraft(long sizeBytes, String mediaType, List<ChunkRange> content) {
    public LayerDraft {
        Check.notNegative("a layer's size", sizeBytes);
        Check.text("a media type", mediaType, 255);
        content = Check.atMost("a layer's ranges", content, LayerEntry.RANGES_MAX);
        long sum = 0;
        for (ChunkRange range : content) {
            sum += range.lengthBytes();
        }
        if (sum != sizeBytes) {
            throw new IllegalArgumentException(
                    "a layer's ranges hold all of it: sizeBytes=" + sizeBytes + " rangesBytes=" + sum);
        }
    }
}
