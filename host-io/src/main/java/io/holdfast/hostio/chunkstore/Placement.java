package io.holdfast.hostio.chunkstore;

/// Finds places for strips one after the other: in the batch being filled, in a new batch, or in a new
/// extent. The last block of an extent is kept for a footer. Confined to the caller.
final class Placement {
    private final int extentBytes;
    private int ordinal;
    private int offset;
    private int batchOffset;
    private int stripsInBatch;

    Placement(int extentBytes, Fragment.Tail tail) {
        this.extentBytes = extentBytes;
        this.ordinal = tail.ordinal();
        this.offset = tail.offset();
    }

    Placement(Placement other) {
        extentBytes = other.extentBytes;
        ordinal = other.ordinal;
        offset = other.offset;
        batchOffset = other.batchOffset;
        stripsInBatch = other.stripsInBatch;
    }

    /// Places a strip; afterwards the accessors say where.
    ///
    /// @return whether it is the first of a batch
    boolean place(int payloadBytes) {
        int end = extentBytes - Layout.BLOCK_BYTES;
        boolean begins = stripsInBatch == 0
                || stripsInBatch == BatchHeader.STRIPS_MAX
                || offset + payloadBytes > end;
        if (begins) {
            if (offset + Layout.BLOCK_BYTES + payloadBytes > end) {
                ordinal++;
                offset = Layout.BLOCK_BYTES;
            }
            batchOffset = offset;
            offset += Layout.BLOCK_BYTES;
            stripsInBatch = 0;
        }
        stripsInBatch++;
        offset += payloadBytes;
        return begins;
    }

    int ordinal() {
        return ordinal;
    }

    /// Where the batch of the strip placed last begins.
    int batchOffset() {
        return batchOffset;
    }

    /// Where the next byte goes.
    int offset() {
        return offset;
    }
}
