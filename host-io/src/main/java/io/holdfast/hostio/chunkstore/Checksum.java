package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, the checksum of everything stored and sent.
public final class Checksum {
    private Checksum() {}

    /// Over the buffer from its position to its limit, which stay as they are.
    public static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    public static int of(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(offset + length).position(offset));
        return (int) crc.getValue();
    }

    /// Over a range but for the four bytes in it that hold the checksum itself.
    static int around(ByteBuffer bytes, int offset, int length, int hole) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(offset + hole).position(offset));
        crc.update(bytes.duplicate().limit(offset + length).position(offset + hole + Integer.BYTES));
        return (int) crc.getValue();
    }

    static String text(int checksum) {
        return "crc32c " + Integer.toHexString(checksum);
    }
}
