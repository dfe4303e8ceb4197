package io.holdfast.consensus.store;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateTransaction;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Writes that are not committed yet, laid over a reader. Confined to the thread that writes.
///
/// A scan may write to the transaction it walks: what is written beyond its place is seen when it gets
/// there, what is written before it is not.
public final class WriteOverlay implements StateTransaction {
    private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private final StateReader below;
    private final UnaryOperator<Keyspace> known;
    private final Map<Keyspace, NavigableMap<byte[], Slot>> writes = new HashMap<>();

    /// @param below what the writes lie over
    /// @param known returns the keyspace if there is such a one and throws otherwise
    public WriteOverlay(StateReader below, UnaryOperator<Keyspace> known) {
        this.below = below;
        this.known = known;
    }

    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
        Slot slot = of(keyspace).get(key);
        if (slot == null) {
            return below.get(keyspace, key);
        }
        byte[] value = slot.value;
        return value == null ? null : value.clone();
    }

    @Override
    public void put(Keyspace keyspace, byte[] key, byte[] value) {
        of(keyspace).put(key, new Slot(value));
    }

    @Override
    public void delete(Keyspace keyspace, byte[] key) {
        of(keyspace).put(key, Slot.DELETED);
    }

    @Override
    public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
        Merge merge = new Merge(of(keyspace), prefix, fromInclusive, visitor);
        below.scan(keyspace, prefix, fromInclusive, merge);
        if (!merge.stopped) {
            merge.emitBefore(null);
        }
    }

    /// Hands all writes over, keyspace by keyspace in ascending order of keys.
    public void drainTo(Sink sink) {
        writes.forEach((keyspace, slots) -> slots.forEach((key, slot) -> {
            byte[] value = slot.value;
            if (value == null) {
                sink.delete(keyspace, key);
            } else {
                sink.put(keyspace, key, value);
            }
        }));
        writes.clear();
    }

    private NavigableMap<byte[], Slot> of(Keyspace keyspace) {
        NavigableMap<byte[], Slot> slots = writes.get(keyspace);
        if (slots == null) {
            slots = new TreeMap<>(ORDER);
            writes.put(known.apply(keyspace), slots);
        }
        return slots;
    }

    /// Receives the writes of a transaction.
    public interface Sink {
        void put(Keyspace keyspace, byte[] key, byte[] value);

        void delete(Keyspace keyspace, byte[] key);
    }

    /// A written value, or null where the key was deleted.
    private static final class Slot {
        static final Slot DELETED = new Slot(null);
        final byte @Nullable [] value;

        Slot(byte @Nullable [] value) {
            this.value = value;
        }
    }

    /// Weaves the overlay's keys into a scan of the reader below.
    private static final class Merge implements Visitor {
        private final NavigableMap<byte[], Slot> slots;
        private final byte[] prefix;
        private final Visitor visitor;
        private byte[] next;
        private boolean nextInclusive = true;
        private boolean stopped;

        Merge(NavigableMap<byte[], Slot> slots, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
            this.slots = slots;
            this.prefix = prefix;
            this.visitor = visitor;
            this.next = Arrays.compareUnsigned(prefix, fromInclusive) > 0 ? prefix : fromInclusive;
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            if (!emitBefore(key)) {
                return false;
            }
            Slot slot = slots.get(key);
            next = key.clone();
            nextInclusive = false;
            if (slot == null) {
                stopped = !visitor.visit(key, value);
            } else {
                emit(key, slot);
            }
            return !stopped;
        }

        /// Emits the overlay's keys from the current place up to the key, or to the end of the prefix.
        private boolean emitBefore(byte @Nullable [] limit) {
            while (!stopped) {
                Map.Entry<byte[], Slot> entry =
                        nextInclusive ? slots.ceilingEntry(next) : slots.higherEntry(next);
                if (entry == null || !startsWith(entry.getKey(), prefix)) {
                    return true;
                }
                if (limit != null && Arrays.compareUnsigned(entry.getKey(), limit) >= 0) {
                    return true;
                }
                next = entry.getKey();
                nextInclusive = false;
                emit(entry.getKey().clone(), entry.getValue());
            }
            return false;
        }

        private void emit(byte[] key, Slot slot) {
            byte[] value = slot.value;
            if (value != null) {
                stopped = !visitor.visit(key, value.clone());
            }
        }

        private static boolean startsWith(byte[] key, byte[] prefix) {
            return key.length >= prefix.length
                    && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
        }
    }
}
