package io.holdfast.gridstate.chunkmap;

import io.holdfast.hostio.id.ChunkId;
import java.util.HexFormat;

/// The identity of a stream: the upper half of the ids of its chunks.
///
/// @param value any 64 bits
public record StreamId(long value) {
    public static StreamId of(ChunkId chunk) {
        return new StreamId(chunk.high());
    }

    /// Reads the 16 hexadecimal digits that [#toString()] writes.
    public static StreamId parse(String text) {
        if (text.length() != 16) {
            throw new IllegalArgumentException("a stream id is 16 hexadecimal digits");
        }
        return new StreamId(HexFormat.fromHexDigitsToLong(text));
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
