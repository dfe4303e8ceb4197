package io.holdfast.node.fragment;

import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FrameKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What this node's links have asked of other nodes, by kind of request. Concurrent.
public final class LinkCounters {
    private final Map<FrameKind, Counter> kinds = new ConcurrentHashMap<>();

    private static final class Counter {
        final LongAdder count = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    /// Requests of one kind that have ended, one way or another.
    ///
    /// @param count how many
    /// @param bytes theirs, and the most that reads could bring
    /// @param nanos from being submitted to being answered or given up
    public record Reading(long count, long bytes, long nanos) {}

    LinkCounters() {}

    void settled(PendingRequest pending) {
        FragmentRequest request = pending.request();
        Counter counter = kinds.computeIfAbsent(request.kind(), _ -> new Counter());
        counter.count.increment();
        counter.bytes.add(pending.bytes());
        counter.nanos.add(System.nanoTime() - pending.startedNanos());
    }

    /// Appends to fragments of other nodes.
    public Reading appends() {
        return read(FrameKind.APPEND);
    }

    /// Reads of fragments of other nodes.
    public Reading reads() {
        return read(FrameKind.READ);
    }

    private Reading read(FrameKind kind) {
        Counter counter = kinds.getOrDefault(kind, new Counter());
        return new Reading(counter.count.sum(), counter.bytes.sum(), counter.nanos.sum());
    }
}
