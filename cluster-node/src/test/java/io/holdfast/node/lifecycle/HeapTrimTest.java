package io.holdfast.node.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class HeapTrimTest {
    private static final long MIB = 1L << 20;

    private final FakeHeap heap = new FakeHeap();
    private long nanos = -5;
    private final HeapTrim trim = new HeapTrim(heap, () -> nanos);

    @Test
    void aHeapThatGrewIsCollectedOnceTheNodeRests() {
        heap.committed += HeapTrim.GROWTH_BYTES_MIN;
        later();
        heap.young += HeapTrim.COLLECTIONS_AT_REST_MAX + 1;
        trim.step();
        assertEquals(0, heap.full, "it was busy");
        heap.young += HeapTrim.COLLECTIONS_AT_REST_MAX;
        trim.step();
        assertEquals(1, heap.full);
    }

    @Test
    void aHeapThatHardlyGrewIsLeftAlone() {
        heap.committed += HeapTrim.GROWTH_BYTES_MIN - 1;
        later();
        trim.step();
        assertEquals(0, heap.full);
    }

    @Test
    void itIsNotCollectedAgainAtOnceNorForWhatIsAlive() {
        heap.committed += HeapTrim.GROWTH_BYTES_MIN;
        heap.alive = heap.committed;
        later();
        trim.step();
        assertEquals(1, heap.full);
        later();
        trim.step();
        assertEquals(1, heap.full, "it could not be made smaller");
        heap.committed += HeapTrim.GROWTH_BYTES_MIN;
        trim.step();
        assertEquals(2, heap.full);
        heap.committed += HeapTrim.GROWTH_BYTES_MIN;
        trim.step();
        assertEquals(2, heap.full, "too soon");
    }

    private void later() {
        nanos += HeapTrim.PAUSE.toNanos();
    }

    private static final class FakeHeap implements HeapTrim.Heap {
        private long committed = 64 * MIB;
        private long alive = 50 * MIB;
        private long young;
        private long full;

        @Override
        public long committedBytes() {
            return committed;
        }

        @Override
        public long collections() {
            return young + full;
        }

        @Override
        public void collectAll() {
            full++;
            committed = alive;
        }
    }
}
