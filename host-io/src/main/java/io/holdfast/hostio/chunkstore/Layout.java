package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What all layouts share: numbers are little-endian, blocks are 4 KiB, the first eight bytes are a magic
/// number and a version.
final class Layout {
    static final int BLOCK_BYTES = 4096;
    static final short VERSION = 1;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(BLOCK_BYTES).asReadOnlyBuffer();

    private Layout() {}

    static ByteBuffer block() {
        return ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Four letters as the number that reads as them on disk.
    static int magic(String letters) {
        return letters.charAt(0) | letters.charAt(1) << 8 | letters.charAt(2) << 16 | letters.charAt(3) << 24;
    }

    /// Whether all that remains is zeros.
    static boolean isBlank(ByteBuffer bytes) {
        for (int at = bytes.position(); at < bytes.limit(); at += BLOCK_BYTES) {
            int length = Math.min(BLOCK_BYTES, bytes.limit() - at);
            if (bytes.get(at) != 0 || bytes.slice(at, length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// Checks what stands at the beginning of every header.
    static void requireHeader(ByteBuffer bytes, int offset, int magic, Place place) {
        int found = bytes.getInt(offset);
        if (found != magic) {
            throw new CorruptDataException(
                    place, "magic " + Integer.toHexString(magic), Integer.toHexString(found));
        }
        short version = bytes.getShort(offset + Integer.BYTES);
        if (version != VERSION) {
            throw new CorruptDataException(
                    place, "format version " + VERSION, (version > VERSION ? "newer " : "") + version);
        }
    }

    static void requireChecksum(int expected, int actual, Place place) {
        if (expected != actual) {
            throw new CorruptDataException(place, Checksum.text(expected), Checksum.text(actual));
        }
    }
}
