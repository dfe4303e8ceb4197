package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;

/// The first 256 bytes of a batch's header block; up to 15 strip headers follow, then the payloads in the
/// same order. A batch lies in one extent.
///
/// ```
///   0  u32 magic "HFBA"   u16 version   u16 number of strips
///   8  u64 nonce of the fragment
///  16  u64 sequence in the fragment, from 0 without gaps
///  24  u64 batches of the fragment that were acknowledged when this one was written
///  32  u32 checksum of the batch before (0 for the first), so that batches form a chain
///  36  u32 bytes of all payloads
///  40  u32 CRC32C of the whole header block but for these four bytes
/// ```
///
/// @param checksum of the header block; what the next batch names as its predecessor's
record BatchHeader(
        int stripCount,
        long nonce,
        long sequence,
        long durableSequence,
        int previousChecksum,
        int payloadBytes,
        int checksum) {
    static final int STRIPS_MAX = Layout.BLOCK_BYTES / StripHeader.BYTES - 1;
    /// The largest batch: its header block and payloads.
    static final int BYTES_MAX = Layout.BLOCK_BYTES + STRIPS_MAX * StripHeader.PAYLOAD_BYTES_MAX;

    private static final int MAGIC = Layout.magic("HFBA");
    private static final int CHECKSUM_OFFSET = 40;

    /// Writes the header into a block whose strip headers stand already, and returns the block's checksum.
    static int encode(
            ByteBuffer block, Chain chain, int stripCount, int payloadBytes, long durableSequence) {
        block.putInt(0, MAGIC);
        block.putShort(4, Layout.VERSION);
        block.putShort(6, (short) stripCount);
        block.putLong(8, chain.nonce());
        block.putLong(16, chain.nextSequence());
        block.putLong(24, durableSequence);
        block.putInt(32, chain.checksum());
        block.putInt(36, payloadBytes);
        int checksum = Checksum.around(block, 0, Layout.BLOCK_BYTES, CHECKSUM_OFFSET);
        block.putInt(CHECKSUM_OFFSET, checksum);
        return checksum;
    }

    /// Whether the block claims to be one; most blocks asked about are not.
    static boolean isAt(ByteBuffer block) {
        return block.getInt(0) == MAGIC;
    }

    static BatchHeader decode(ByteBuffer block, Place place) {
        Layout.requireHeader(block, 0, MAGIC, place);
        int checksum = block.getInt(CHECKSUM_OFFSET);
        Layout.requireChecksum(
                checksum, Checksum.around(block, 0, Layout.BLOCK_BYTES, CHECKSUM_OFFSET), place);
        int stripCount = block.getShort(6);
        int payloadBytes = block.getInt(36);
        if (stripCount < 1 || stripCount > STRIPS_MAX || payloadBytes < 0
                || payloadBytes > BYTES_MAX || payloadBytes % Layout.BLOCK_BYTES != 0) {
            throw new CorruptDataException(
                    place, "a batch header", stripCount + " strips of " + payloadBytes + " bytes");
        }
        return new BatchHeader(
                stripCount,
                block.getLong(8),
                block.getLong(16),
                block.getLong(24),
                block.getInt(32),
                payloadBytes,
                checksum);
    }

    /// Whether this is the batch that continues the chain.
    boolean continues(Chain chain) {
        return nonce == chain.nonce()
                && sequence == chain.nextSequence()
                && previousChecksum == chain.checksum();
    }

    static int stripOffset(int i) {
        return (i + 1) * StripHeader.BYTES;
    }
}
