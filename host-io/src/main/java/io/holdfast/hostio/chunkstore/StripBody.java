package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/// The body of a data strip's header: which block of the stream each 4 KiB of the payload is, and its
/// checksum, so that a single block is read and verified alone. A parity strip's body is the parity over
/// these, hence the body of a lost strip comes back with its payload, and verifies it.
///
/// ```
///   0  16 x u48 block number of each 4 KiB of the payload; all ones: none. In a strip of at most 8 that
///      was moved, the upper 8 are the sequences at which its blocks were written first
///  96  16 x u32 CRC32C of each 4 KiB
/// ```
public final class StripBody {
    public static final int BLOCKS_MAX = StripHeader.PAYLOAD_BYTES_MAX / Layout.BLOCK_BYTES;
    /// How many blocks a strip may have that keeps their first sequences.
    public static final int MOVED_BLOCKS_MAX = BLOCKS_MAX / 2;
    public static final long BLOCK_NUMBER_MAX = (1L << 48) - 2;
    public static final long NO_BLOCK = (1L << 48) - 1;

    private static final int NUMBER_BYTES = 6;
    private static final int CHECKSUMS_OFFSET = BLOCKS_MAX * NUMBER_BYTES;

    private StripBody() {}

    /// An empty body: no blocks.
    public static ByteBuffer allocate() {
        return clear(ByteBuffer.allocateDirect(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN));
    }

    /// Makes a body of so much memory, in little-endian order, an empty one.
    public static ByteBuffer clear(ByteBuffer body) {
        for (int i = 0; i < BLOCKS_MAX; i++) {
            putNumber(body, i, NO_BLOCK);
            body.putInt(checksumOffset(i), 0);
        }
        return body;
    }

    /// Notes which block the i-th 4 KiB of the payload is.
    public static void put(ByteBuffer body, int i, long blockNumber, int checksum) {
        if (blockNumber < 0 || blockNumber > BLOCK_NUMBER_MAX) {
            throw new IllegalArgumentException("a block number has 48 bits: blockNumber=" + blockNumber);
        }
        putNumber(body, i, blockNumber);
        body.putInt(checksumOffset(i), checksum);
    }

    public static long blockNumber(ByteBuffer body, int i) {
        int offset = numberOffset(i);
        long low = body.getInt(offset) & 0xffff_ffffL;
        return low | ((body.getShort(offset + 4) & 0xffffL) << 32);
    }

    /// Notes that the i-th 4 KiB of a moved strip was written first at this sequence. Only strips of at most
    /// [#MOVED_BLOCKS_MAX] blocks have room for it.
    public static void putBirth(ByteBuffer body, int i, long birth) {
        if (birth < 0 || birth > BLOCK_NUMBER_MAX) {
            throw new IllegalArgumentException("a sequence has 48 bits: birth=" + birth);
        }
        putNumber(body, MOVED_BLOCKS_MAX + Objects.checkIndex(i, MOVED_BLOCKS_MAX), birth);
    }

    /// The sequence at which the i-th 4 KiB was written first, if the strip is a moved one; else
    /// [#NO_BLOCK]: it was written first with this strip's own sequence.
    public static long birth(StripHeader header, int i) {
        boolean hasRoom = header.payloadBytes() <= MOVED_BLOCKS_MAX * Layout.BLOCK_BYTES;
        return hasRoom ? blockNumber(header.body(), MOVED_BLOCKS_MAX + i) : NO_BLOCK;
    }

    public static int checksum(ByteBuffer body, int i) {
        return body.getInt(checksumOffset(i));
    }

    private static void putNumber(ByteBuffer body, int i, long blockNumber) {
        int offset = numberOffset(i);
        body.putInt(offset, (int) blockNumber);
        body.putShort(offset + 4, (short) (blockNumber >>> 32));
    }

    private static int numberOffset(int i) {
        return Objects.checkIndex(i, BLOCKS_MAX) * NUMBER_BYTES;
    }

    private static int checksumOffset(int i) {
        return CHECKSUMS_OFFSET + Objects.checkIndex(i, BLOCKS_MAX) * Integer.BYTES;
    }
}
