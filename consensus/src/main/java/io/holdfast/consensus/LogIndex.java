package io.holdfast.consensus;

/// The position of an entry in the replicated log. Zero stands before the first entry.
///
/// @param value not negative
public record LogIndex(long value) implements Comparable<LogIndex> {
    public static final LogIndex ZERO = new LogIndex(0);

    public LogIndex {
        if (value < 0) {
            throw new IllegalArgumentException("a log index is not negative: value=" + value);
        }
    }

    public boolean isAfter(LogIndex other) {
        return value > other.value;
    }

    public LogIndex next() {
        return new LogIndex(value + 1);
    }

    @Override
    public int compareTo(LogIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
