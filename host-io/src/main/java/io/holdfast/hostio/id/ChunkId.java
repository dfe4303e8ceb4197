package io.holdfast.hostio.id;

import java.util.HexFormat;

/// The identity of a chunk: 128 bits, never used twice.
///
/// @param high the stream that the chunk belongs to
/// @param low the chunk's number within the stream
public record ChunkId(long high, long low) implements Comparable<ChunkId> {
    private static final int TEXT_LENGTH = 32;

    /// Reads the 32 hexadecimal digits that [#toString()] writes.
    public static ChunkId parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("a chunk id is 32 hexadecimal digits: text=" + text);
        }
        return new ChunkId(
                HexFormat.fromHexDigitsToLong(text, 0, TEXT_LENGTH / 2),
                HexFormat.fromHexDigitsToLong(text, TEXT_LENGTH / 2, TEXT_LENGTH));
    }

    @Override
    public int compareTo(ChunkId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
