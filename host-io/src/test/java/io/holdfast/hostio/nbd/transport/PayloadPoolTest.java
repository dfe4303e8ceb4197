package io.holdfast.hostio.nbd.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PayloadPoolTest {
    private static final int MAX_BYTES = 32 << 20;

    @Test
    void everyLengthGetsItsPayloadBehindTheHeadroom() {
        PayloadPool pool = new PayloadPool(1L << 30, MAX_BYTES);
        for (int bytes : new int[] {0, 1, 4096, 4097, 65_536, 1 << 20, (1 << 20) + 1, MAX_BYTES}) {
            ByteBuffer buffer = pool.tryTake(bytes).orElseThrow();
            assertEquals(PayloadPool.HEADROOM_BYTES, buffer.position());
            assertEquals(bytes, buffer.remaining());
            assertEquals(0, buffer.alignmentOffset(buffer.position(), 4096));
            pool.giveBack(buffer, bytes);
        }
        assertEquals(0, pool.usedBytes());
    }

    @Test
    void theBudgetHoldsAndComesBack() {
        PayloadPool pool = new PayloadPool(3 * 8192, MAX_BYTES);
        ByteBuffer first = pool.tryTake(4096).orElseThrow();
        assertTrue(pool.tryTake(1).isPresent());
        assertTrue(pool.tryTake(0).isPresent());
        assertTrue(pool.tryTake(0).isEmpty());
        assertEquals(3 * 8192, pool.usedBytes());

        pool.giveBack(first, 4096);

        assertSame(first, pool.tryTake(100).orElseThrow());
    }
}
