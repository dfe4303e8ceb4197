package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;

/// The block after the last batch of a sealed fragment.
///
/// ```
///   0  u32 magic "HFFT"   u16 version   u16 zero
///   8  u64 nonce of the fragment
///  16  u64 number of batches
///  24  u64 batches that were acknowledged when this was written
///  32  u32 checksum of the last batch
///  36  u32 row limit: strips of this row and later are not part of the fragment
///  40  u32 number of strips below the limit
///  44  u32 zero
///  48  u64 bytes of their payloads
///  56  u32 CRC32C of the block but for these four bytes
/// ```
record FragmentFooter(
        Chain chain, long durableSequence, int rowLimit, int stripCount, long payloadBytes) {
    private static final int MAGIC = Layout.magic("HFFT");
    private static final int CHECKSUM_OFFSET = 56;

    void encode(ByteBuffer block) {
        block.putInt(0, MAGIC);
        block.putShort(4, Layout.VERSION);
        block.putLong(8, chain.nonce());
        block.putLong(16, chain.nextSequence());
        block.putLong(24, durableSequence);
        block.putInt(32, chain.checksum());
        block.putInt(36, rowLimit);
        block.putInt(40, stripCount);
        block.putLong(48, payloadBytes);
        block.putInt(CHECKSUM_OFFSET, Checksum.around(block, 0, Layout.BLOCK_BYTES, CHECKSUM_OFFSET));
    }

    /// Whether the block claims to be one; most blocks asked about are not.
    static boolean isAt(ByteBuffer block) {
        return block.getInt(0) == MAGIC;
    }

    static FragmentFooter decode(ByteBuffer block, Place place) {
        Layout.requireHeader(block, 0, MAGIC, place);
        Layout.requireChecksum(
                block.getInt(CHECKSUM_OFFSET),
                Checksum.around(block, 0, Layout.BLOCK_BYTES, CHECKSUM_OFFSET),
                place);
        Chain chain = new Chain(block.getLong(8), block.getLong(16), block.getInt(32));
        return new FragmentFooter(
                chain, block.getLong(24), block.getInt(36), block.getInt(40), block.getLong(48));
    }
}
