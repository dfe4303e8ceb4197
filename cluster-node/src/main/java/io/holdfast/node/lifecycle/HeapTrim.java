package io.holdfast.node.lifecycle;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back to the host what a busy time made of the heap, once the node rests: the serial collector
/// shrinks the heap in full collections only, and nothing asks for one while there is room to grow. Confined
/// to the thread that calls [#step()].
///
/// A full collection stops the node for about a millisecond per MiB that is alive. It is asked for only when
/// the heap has grown by [#GROWTH_BYTES_MIN] since the last one, when hardly anything was allocated since the
/// step before, and at most once in [#PAUSE].
public final class HeapTrim {
    static final long GROWTH_BYTES_MIN = 32L << 20;
    static final Duration PAUSE = Duration.ofMinutes(2);

    /// Collections of the young generation from one step to the next that a resting node may have.
    static final int COLLECTIONS_AT_REST_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HeapTrim.class);

    private final Heap heap;
    private final LongSupplier nanoClock;
    private long trimmedBytes;
    private long trimmedNanos;
    private long collections;

    /// What it looks at, and acts on.
    interface Heap {
        /// What the heap takes of the host now.
        long committedBytes();

        /// How many collections there were since the start, of any kind.
        long collections();

        void collectAll();
    }

    public HeapTrim(LongSupplier nanoClock) {
        this(new ThisHeap(), nanoClock);
    }

    HeapTrim(Heap heap, LongSupplier nanoClock) {
        this.heap = heap;
        this.nanoClock = nanoClock;
        this.trimmedBytes = heap.committedBytes();
        this.trimmedNanos = nanoClock.getAsLong();
        this.collections = heap.collections();
    }

    /// Called every half minute or so; takes a moment, or a full collection.
    public void step() {
        long since = heap.collections() - collections;
        collections += since;
        long before = heap.committedBytes();
        boolean isDue = nanoClock.getAsLong() - trimmedNanos >= PAUSE.toNanos();
        if (isDue && since <= COLLECTIONS_AT_REST_MAX && before - trimmedBytes >= GROWTH_BYTES_MIN) {
            heap.collectAll();
            trimmedBytes = heap.committedBytes();
            trimmedNanos = nanoClock.getAsLong();
            collections = heap.collections();
            LOG.info("heap given back: beforeMiB={} afterMiB={}", before >> 20, trimmedBytes >> 20);
        }
    }

    /// The heap of this process.
    private static final class ThisHeap implements Heap {
        @Override
        public long committedBytes() {
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        }

        @Override
        public long collections() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }

        @Override
        public void collectAll() {
            System.gc();
        }
    }
}
