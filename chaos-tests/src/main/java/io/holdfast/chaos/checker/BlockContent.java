package io.holdfast.chaos.checker;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// What a block of a volume holds, as far as it can be told from its bytes.
///
/// ```
/// offset  bytes
///      0      8  mark
///      8      8  number of the block within the volume
///     16      8  version
///     24      8  writer
///     32      n  filler, drawn from all of the above
///  n + 32     8  CRC-32C of everything before
/// ```
public sealed interface BlockContent {
    int BLOCK_BYTES = 4_096;

    /// Written by one of the writers, and whole.
    record Stamp(long block, long version, long writer) implements BlockContent {
        private static final long MARK = 0x484f4c4446415354L;

        /// The block's bytes.
        public byte[] encode() {
            ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
            bytes.putLong(MARK).putLong(block).putLong(version).putLong(writer);
            SplittableRandom filler = new SplittableRandom(block * 31 + version * 17 + writer);
            while (bytes.remaining() > Long.BYTES) {
                bytes.putLong(filler.nextLong());
            }
            bytes.putLong(checksum(bytes.array()));
            return bytes.array();
        }
    }

    /// Never written.
    record Zeros() implements BlockContent {}

    /// Neither: part of a write, a mixture, or damaged.
    record Torn() implements BlockContent {}

    /// What these bytes are.
    static BlockContent decode(byte[] block) {
        if (block.length != BLOCK_BYTES) {
            throw new IllegalArgumentException("not a block, bytes=" + block.length);
        }
        ByteBuffer bytes = ByteBuffer.wrap(block);
        if (isZero(bytes.duplicate())) {
            return new Zeros();
        }
        boolean isWhole = bytes.getLong() == Stamp.MARK
                && bytes.getLong(BLOCK_BYTES - Long.BYTES) == checksum(block);
        return isWhole ? new Stamp(bytes.getLong(), bytes.getLong(), bytes.getLong()) : new Torn();
    }

    private static boolean isZero(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (bytes.getLong() != 0) {
                return false;
            }
        }
        return true;
    }

    private static long checksum(byte[] block) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, BLOCK_BYTES - Long.BYTES);
        return crc.getValue();
    }
}
