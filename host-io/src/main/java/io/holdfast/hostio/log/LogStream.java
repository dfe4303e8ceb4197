package io.holdfast.hostio.log;

import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A stream as its one writer sees it. Concurrent.
final class LogStream {
    private final LogRuntime runtime;
    private final long id;
    private final long token;
    private final AtomicLong nextSequence;
    private final ChunkListener listener;
    private volatile LogOptions options;

    LogStream(LogRuntime runtime, StreamKey key, LogOptions options, ChunkListener listener) {
        this.runtime = runtime;
        this.id = key.stream();
        this.token = key.token();
        this.options = options;
        this.listener = listener;
        this.nextSequence = new AtomicLong(1);
    }

    LogRuntime runtime() {
        return runtime;
    }

    long id() {
        return id;
    }

    long token() {
        return token;
    }

    LogOptions options() {
        return options;
    }

    void use(LogOptions next) {
        options = next;
    }

    ChunkListener listener() {
        return listener;
    }

    long takeSequences(int count) {
        return nextSequence.getAndAdd(count);
    }

    /// Sequences up to this one are taken.
    void sequenceSeen(long sequence) {
        nextSequence.accumulateAndGet(sequence + 1, Math::max);
    }

    long lastSequence() {
        return nextSequence.get() - 1;
    }

    List<FragmentHolder> holdersOf(ChunkRecord chunk) {
        return chunk.holders().stream().map(runtime.holders()::holder).toList();
    }
}
