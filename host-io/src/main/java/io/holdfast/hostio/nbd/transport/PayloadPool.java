package io.holdfast.hostio.nbd.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Direct buffers of power-of-two sizes under one budget. Concurrent; never waits.
///
/// Each buffer has [#HEADROOM_BYTES] before its payload, so that the header of a reply can be put right
/// before the bytes it announces, and the payload itself starts on a page.
public final class PayloadPool {
    /// The room before the payload of every buffer.
    public static final int HEADROOM_BYTES = 4096;

    private static final int SIZE_BYTES_MIN = 4096;
    private static final int IDLE_COUNT_MAX = 64;
    private static final long IDLE_BYTES_MAX_PER_SIZE = 8 << 20;

    private final long budgetBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final BlockingQueue<ByteBuffer>[] idle;

    /// @param payloadBytesMax the largest payload that will ever be asked for
    public PayloadPool(long budgetBytes, int payloadBytesMax) {
        this.budgetBytes = budgetBytes;
        this.idle = queues(sizeClass(payloadBytesMax) + 1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static BlockingQueue<ByteBuffer>[] queues(int count) {
        BlockingQueue<ByteBuffer>[] queues = new BlockingQueue[count];
        for (int i = 0; i < count; i++) {
            long fitting = IDLE_BYTES_MAX_PER_SIZE / ((long) SIZE_BYTES_MIN << i);
            queues[i] = new ArrayBlockingQueue<>(Math.clamp(fitting, 1, IDLE_COUNT_MAX));
        }
        return queues;
    }

    private static int sizeClass(int payloadBytes) {
        int pages = Math.max(1, (payloadBytes + SIZE_BYTES_MIN - 1) / SIZE_BYTES_MIN);
        return Integer.SIZE - Integer.numberOfLeadingZeros(pages - 1);
    }

    /// A buffer whose position is at the start of `payloadBytes` of payload and whose limit is at their end,
    /// unless that would exceed the budget.
    public Optional<ByteBuffer> tryTake(int payloadBytes) {
        int size = sizeClass(payloadBytes);
        int capacity = HEADROOM_BYTES + (SIZE_BYTES_MIN << size);
        if (usedBytes.addAndGet(capacity) > budgetBytes) {
            usedBytes.addAndGet(-capacity);
            return Optional.empty();
        }
        ByteBuffer buffer = idle[size].poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(capacity + HEADROOM_BYTES).alignedSlice(HEADROOM_BYTES);
        }
        return Optional.of(
                buffer.limit(HEADROOM_BYTES + payloadBytes).position(HEADROOM_BYTES));
    }

    /// Takes back a buffer that [#tryTake] gave for this payload.
    public void giveBack(ByteBuffer buffer, int payloadBytes) {
        int size = sizeClass(payloadBytes);
        usedBytes.addAndGet(-(HEADROOM_BYTES + ((long) SIZE_BYTES_MIN << size)));
        idle[size].offer(buffer.clear());
    }

    /// The bytes of all buffers that are out.
    public long usedBytes() {
        return usedBytes.get();
    }
}
