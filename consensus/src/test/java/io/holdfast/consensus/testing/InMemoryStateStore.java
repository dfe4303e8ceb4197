package io.holdfast.consensus.testing;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.store.WriteOverlay;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A state store in heap memory with the semantics of the real one. Guarded by a read-write lock: a view
/// holds the read lock while it is used. Survives [#close()] so that a test can open a log on it again.
public final class InMemoryStateStore implements LedgerStore {
    private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Keyspace, NavigableMap<byte[], byte[]>> content = new HashMap<>();
    private volatile Position applied = Position.ZERO;

    public InMemoryStateStore(List<Keyspace> keyspaces) {
        LedgerKeyspaces.requireForeign(keyspaces);
        keyspaces.forEach(keyspace -> content.put(keyspace, new TreeMap<>(ORDER)));
        LedgerKeyspaces.ALL.forEach(keyspace -> content.put(keyspace, new TreeMap<>(ORDER)));
    }

    @Override
    public Position applied() {
        return applied;
    }

    @Override
    public LedgerTransaction begin() {
        return new Transaction();
    }

    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
        lock.readLock().lock();
        try {
            byte[] value = of(keyspace).get(key);
            return value == null ? null : value.clone();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
        lock.readLock().lock();
        try {
            byte[] from = Arrays.compareUnsigned(prefix, fromInclusive) > 0 ? prefix : fromInclusive;
            for (Map.Entry<byte[], byte[]> entry : of(keyspace).tailMap(from, true).entrySet()) {
                byte[] key = entry.getKey();
                boolean inPrefix = key.length >= prefix.length
                        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
                if (!inPrefix || !visitor.visit(key.clone(), entry.getValue().clone())) {
                    return;
                }
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public <T> T readConsistently(Function<StateView, T> reads) {
        lock.readLock().lock();
        View view = new View();
        try {
            return reads.apply(view);
        } finally {
            view.open = false;
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        // The content stays: closing is what a restart does to the real store.
    }

    private NavigableMap<byte[], byte[]> of(Keyspace keyspace) {
        NavigableMap<byte[], byte[]> pairs = content.get(keyspace);
        if (pairs == null) {
            throw new IllegalArgumentException("the store has no such keyspace: keyspace=" + keyspace.name());
        }
        return pairs;
    }

    private Keyspace known(Keyspace keyspace) {
        of(keyspace);
        return keyspace;
    }

    /// The content while the read lock is held.
    private final class View implements StateView {
        private boolean open = true;

        @Override
        public LogIndex appliedIndex() {
            requireOpen();
            return applied.index();
        }

        @Override
        public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
            requireOpen();
            return InMemoryStateStore.this.get(keyspace, key);
        }

        @Override
        public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
            requireOpen();
            InMemoryStateStore.this.scan(keyspace, prefix, fromInclusive, visitor);
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("a view must not outlive the call it was made for");
            }
        }
    }

    /// The writes of one entry.
    private final class Transaction implements LedgerTransaction {
        private final WriteOverlay overlay =
                new WriteOverlay(InMemoryStateStore.this, InMemoryStateStore.this::known);

        @Override
        public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
            return overlay.get(keyspace, key);
        }

        @Override
        public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
            overlay.scan(keyspace, prefix, fromInclusive, visitor);
        }

        @Override
        public void put(Keyspace keyspace, byte[] key, byte[] value) {
            overlay.put(keyspace, key, value);
        }

        @Override
        public void delete(Keyspace keyspace, byte[] key) {
            overlay.delete(keyspace, key);
        }

        @Override
        public void commit(Position position) {
            if (!position.index().isAfter(applied.index())) {
                throw new IllegalStateException(
                        "an entry comes after the one before: applied=" + applied + " position=" + position);
            }
            lock.writeLock().lock();
            try {
                overlay.drainTo(new WriteOverlay.Sink() {
                    @Override
                    public void put(Keyspace keyspace, byte[] key, byte[] value) {
                        of(keyspace).put(key.clone(), value.clone());
                    }

                    @Override
                    public void delete(Keyspace keyspace, byte[] key) {
                        of(keyspace).remove(key);
                    }
                });
                applied = position;
            } finally {
                lock.writeLock().unlock();
            }
        }
    }
}
