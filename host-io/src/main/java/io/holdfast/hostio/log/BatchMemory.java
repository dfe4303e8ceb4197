package io.holdfast.hostio.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Native memory for the parity and headers of one batch, given out by moving a mark. Confined to whoever
/// encodes the batch.
final class BatchMemory implements IntFunction<ByteBuffer> {
    private static final int SLAB_BYTES = 256 << 10;
    private static final int ALIGNMENT = 64;

    private final List<ByteBuffer> slabs = new ArrayList<>();
    private int slab;
    private int used;

    @Override
    public ByteBuffer apply(int bytes) {
        int wanted = (bytes + ALIGNMENT - 1) & -ALIGNMENT;
        if (wanted > SLAB_BYTES) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (slab == slabs.size()) {
            slabs.add(ByteBuffer.allocateDirect(SLAB_BYTES));
        }
        if (used + wanted > SLAB_BYTES) {
            slab++;
            used = 0;
            return apply(bytes);
        }
        ByteBuffer given = slabs.get(slab).slice(used, bytes).order(ByteOrder.LITTLE_ENDIAN);
        used += wanted;
        return given;
    }

    /// Takes everything back.
    void reset() {
        slab = 0;
        used = 0;
    }
}
