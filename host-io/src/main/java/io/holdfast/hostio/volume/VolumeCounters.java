package io.holdfast.hostio.volume;

import java.util.concurrent.atomic.LongAdder;

/// What was done with a volume since it was opened. Concurrent.
public final class VolumeCounters {
    private final LongAdder reads = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final LongAdder clearedBytes = new LongAdder();
    private final LongAdder flushes = new LongAdder();

    private final LatencyHistogram readLatency = new LatencyHistogram();
    private final LatencyHistogram writeLatency = new LatencyHistogram();
    private final LatencyHistogram flushLatency = new LatencyHistogram();

    /// How long reads took.
    public LatencyHistogram readLatency() {
        return readLatency;
    }

    /// How long writes took to be visible, or durable where that was asked for.
    public LatencyHistogram writeLatency() {
        return writeLatency;
    }

    /// How long it took until everything before was durable.
    public LatencyHistogram flushLatency() {
        return flushLatency;
    }

    void read(int bytes) {
        reads.increment();
        readBytes.add(bytes);
    }

    void wrote(int bytes) {
        writes.increment();
        writtenBytes.add(bytes);
    }

    void cleared(long bytes) {
        clearedBytes.add(bytes);
    }

    void flushed() {
        flushes.increment();
    }

    public long reads() {
        return reads.sum();
    }

    public long readBytes() {
        return readBytes.sum();
    }

    public long writes() {
        return writes.sum();
    }

    public long writtenBytes() {
        return writtenBytes.sum();
    }

    public long clearedBytes() {
        return clearedBytes.sum();
    }

    public long flushes() {
        return flushes.sum();
    }
}
