package io.holdfast.hostio.row;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.StripBody;
import java.nio.ByteBuffer;

/// What a data strip is to hold.
///
/// @param payload 1 to 16 blocks of 4 KiB in native memory, borrowed
/// @param body their numbers and checksums; see [StripBody]
public record StripContent(ByteBuffer payload, ByteBuffer body) {
    public static final int BLOCK_BYTES = 4096;

    public StripContent {
        int bytes = payload.remaining();
        if (!payload.isDirect() || !body.isDirect() || bytes == 0 || bytes % BLOCK_BYTES != 0
                || bytes / BLOCK_BYTES > StripBody.BLOCKS_MAX) {
            throw new IllegalArgumentException(
                    "a payload is 1 to 16 blocks of native memory: bytes=" + bytes + " direct="
                            + payload.isDirect());
        }
    }

    /// A payload of consecutive blocks.
    public static StripContent ofRange(ByteBuffer payload, long firstBlock) {
        int blocks = payload.remaining() / BLOCK_BYTES;
        long[] numbers = new long[blocks];
        for (int i = 0; i < blocks; i++) {
            numbers[i] = firstBlock + i;
        }
        return ofBlocks(payload, numbers);
    }

    /// A payload of any blocks, one number for each 4 KiB.
    public static StripContent ofBlocks(ByteBuffer payload, long... blockNumbers) {
        if (blockNumbers.length * BLOCK_BYTES != payload.remaining()) {
            throw new IllegalArgumentException("a number for each block: numbers=" + blockNumbers.length
                    + " bytes=" + payload.remaining());
        }
        ByteBuffer body = StripBody.allocate();
        for (int i = 0; i < blockNumbers.length; i++) {
            int checksum = Checksum.of(payload, payload.position() + i * BLOCK_BYTES, BLOCK_BYTES);
            StripBody.put(body, i, blockNumbers[i], checksum);
        }
        return new StripContent(payload, body);
    }
}
