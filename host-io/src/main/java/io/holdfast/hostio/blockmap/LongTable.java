package io.holdfast.hostio.blockmap;

import java.util.Arrays;

/// A hash table from numbers to numbers without an object per entry. Not concurrent. Open addressing with
/// entries moved back on removal, so it never fills with graves.
public final class LongTable {
    /// The value of what is not there; never a value itself.
    public static final long ABSENT = Long.MIN_VALUE;

    private static final long MIX = 0x9e3779b97f4a7c15L;

    private long[] keys;
    private long[] values;
    private int count;

    public LongTable(int capacity) {
        int size = Integer.highestOneBit(Math.max(capacity, 8) * 2 - 1) * 2;
        keys = new long[size];
        values = new long[size];
        Arrays.fill(values, ABSENT);
    }

    public long get(long key) {
        int at = find(key);
        return values[at];
    }

    public void put(long key, long value) {
        int at = find(key);
        if (values[at] == ABSENT) {
            count++;
        }
        keys[at] = key;
        values[at] = value;
        if (count * 2 > keys.length) {
            grow();
        }
    }

    /// Removes the entry if it has this value.
    public boolean remove(long key, long value) {
        int hole = find(key);
        if (values[hole] != value || value == ABSENT) {
            return false;
        }
        values[hole] = ABSENT;
        count--;
        int at = next(hole);
        while (values[at] != ABSENT) {
            int home = home(keys[at]);
            boolean isBehind = hole <= at ? home <= hole || home > at : home <= hole && home > at;
            if (isBehind) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                values[at] = ABSENT;
                hole = at;
            }
            at = next(at);
        }
        return true;
    }

    /// Visits all entries, in no order.
    public void forEach(EntryVisitor visitor) {
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != ABSENT) {
                visitor.entry(keys[i], values[i]);
            }
        }
    }

    /// Hears of an entry.
    @FunctionalInterface
    public interface EntryVisitor {
        void entry(long key, long value);
    }

    public int count() {
        return count;
    }

    public void clear() {
        Arrays.fill(values, ABSENT);
        count = 0;
    }

    private int find(long key) {
        int at = home(key);
        while (values[at] != ABSENT && keys[at] != key) {
            at = next(at);
        }
        return at;
    }

    private int home(long key) {
        return (int) ((key * MIX) >>> 32) & (keys.length - 1);
    }

    private int next(int at) {
        return (at + 1) & (keys.length - 1);
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[keys.length];
        Arrays.fill(values, ABSENT);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
