package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;

/// The first and only block of the file `superblock`: which store this is and how it is divided.
///
/// ```
///   0  u32 magic "HFSB"   u16 version   u16 zero
///   8  u64 instance, upper half         u64 instance, lower half
///  24  u32 extent bytes   u32 extents per segment   u32 extents per fragment
///  36  u32 CRC32C of bytes 0 to 35
/// ```
record StoreHeader(long instanceHigh, long instanceLow, StoreGeometry geometry) {
    static final String FILE = "superblock";
    private static final int MAGIC = Layout.magic("HFSB");
    private static final int CHECKSUM_OFFSET = 36;

    void encode(ByteBuffer block) {
        block.putInt(0, MAGIC);
        block.putShort(4, Layout.VERSION);
        block.putLong(8, instanceHigh);
        block.putLong(16, instanceLow);
        block.putInt(24, geometry.extentBytes());
        block.putInt(28, geometry.extentsPerSegment());
        block.putInt(32, geometry.extentsPerFragmentMax());
        block.putInt(CHECKSUM_OFFSET, Checksum.of(block, 0, CHECKSUM_OFFSET));
    }

    static StoreHeader decode(ByteBuffer block, Place place) {
        Layout.requireHeader(block, 0, MAGIC, place);
        Layout.requireChecksum(
                block.getInt(CHECKSUM_OFFSET), Checksum.of(block, 0, CHECKSUM_OFFSET), place);
        try {
            return new StoreHeader(
                    block.getLong(8),
                    block.getLong(16),
                    new StoreGeometry(block.getInt(24), block.getInt(28), block.getInt(32)));
        } catch (IllegalArgumentException impossible) {
            throw new CorruptDataException(place, "a geometry", String.valueOf(impossible.getMessage()));
        }
    }
}
