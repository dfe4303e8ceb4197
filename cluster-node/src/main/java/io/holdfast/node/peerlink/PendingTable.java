package io.holdfast.node.peerlink;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// The requests that were sent and not yet answered, found by correlation without boxing. A
/// correlation is `use count << 16 | slot`, so a late answer to a request that has expired meets a
/// newer use of its slot and is ignored. Confined to its connection's event loop.
final class PendingTable {
    private static final int SLOT_BITS = 16;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

    private final @Nullable Pending[] requests;
    private final long[] correlations;
    private final int[] free;
    private int freeCount;
    private long uses;

    PendingTable(int capacity) {
        this.requests = new @Nullable Pending[capacity];
        this.correlations = new long[capacity];
        this.free = new int[capacity];
        this.freeCount = capacity;
        for (int i = 0; i < capacity; i++) {
            free[i] = capacity - 1 - i;
        }
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean isEmpty() {
        return freeCount == requests.length;
    }

    /// Takes a request in and gives it its correlation.
    long put(Pending request) {
        freeCount--;
        int slot = free[freeCount];
        uses++;
        long correlation = uses << SLOT_BITS | slot;
        requests[slot] = request;
        correlations[slot] = correlation;
        return correlation;
    }

    /// Takes the request out that an answer belongs to, if it still waits.
    @Nullable Pending remove(long correlation) {
        int slot = (int) correlation & SLOT_MASK;
        if (slot >= requests.length || correlations[slot] != correlation) {
            return null;
        }
        return release(slot);
    }

    /// Takes out all requests whose deadline has passed.
    void removeExpired(long nowNanos, Consumer<Pending> expired) {
        for (int slot = 0; slot < requests.length && !isEmpty(); slot++) {
            Pending request = requests[slot];
            if (request != null && request.deadlineNanos() - nowNanos <= 0) {
                release(slot);
                expired.accept(request);
            }
        }
    }

    /// Takes out all requests.
    void removeAll(Consumer<Pending> removed) {
        for (int slot = 0; slot < requests.length && !isEmpty(); slot++) {
            Pending request = requests[slot];
            if (request != null) {
                release(slot);
                removed.accept(request);
            }
        }
    }

    private @Nullable Pending release(int slot) {
        Pending request = requests[slot];
        requests[slot] = null;
        correlations[slot] = 0;
        free[freeCount] = slot;
        freeCount++;
        return request;
    }
}
