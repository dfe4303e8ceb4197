package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.OptionalInt;

/// The first block of a segment file: whose it is. A segment is made once and never deleted; its extents
/// are used again and again, which spares the disk the metadata of growing files.
///
/// ```
///   0  u32 magic "HFSG"   u16 version   u16 zero
///   8  u64 instance, upper half         u64 instance, lower half
///  24  u32 number
///  28  u32 CRC32C of bytes 0 to 27
/// ```
record SegmentHeader(long instanceHigh, long instanceLow, int number) {
    private static final int MAGIC = Layout.magic("HFSG");
    private static final int CHECKSUM_OFFSET = 28;
    private static final String PREFIX = "segment-";

    static String file(int number) {
        return PREFIX + HexFormat.of().toHexDigits(number);
    }

    /// The number in a segment file's name, or nothing if it is the name of something else.
    static OptionalInt number(String file) {
        if (!file.startsWith(PREFIX) || file.length() != PREFIX.length() + 8) {
            return OptionalInt.empty();
        }
        try {
            int number = HexFormat.fromHexDigits(file, PREFIX.length(), file.length());
            return number >= 0 && file(number).equals(file) ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    void encode(ByteBuffer block) {
        block.putInt(0, MAGIC);
        block.putShort(4, Layout.VERSION);
        block.putLong(8, instanceHigh);
        block.putLong(16, instanceLow);
        block.putInt(24, number);
        block.putInt(CHECKSUM_OFFSET, Checksum.of(block, 0, CHECKSUM_OFFSET));
    }

    static SegmentHeader decode(ByteBuffer block, Place place) {
        Layout.requireHeader(block, 0, MAGIC, place);
        Layout.requireChecksum(
                block.getInt(CHECKSUM_OFFSET), Checksum.of(block, 0, CHECKSUM_OFFSET), place);
        return new SegmentHeader(block.getLong(8), block.getLong(16), block.getInt(24));
    }
}
