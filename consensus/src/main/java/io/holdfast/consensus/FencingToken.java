package io.holdfast.consensus;

/// A number that only grows per lease name. Whoever stores bytes refuses a token older than the newest it
/// has seen.
///
/// @param value not negative
public record FencingToken(long value) implements Comparable<FencingToken> {
    public static final FencingToken ZERO = new FencingToken(0);

    public FencingToken {
        if (value < 0) {
            throw new IllegalArgumentException("a fencing token is not negative: value=" + value);
        }
    }

    public boolean isAfter(FencingToken other) {
        return value > other.value;
    }

    public FencingToken next() {
        return new FencingToken(value + 1);
    }

    @Override
    public int compareTo(FencingToken other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
