package io.holdfast.consensus;

/// A Raft term. Zero stands before the first election.
///
/// @param value not negative
public record Term(long value) implements Comparable<Term> {
    public static final Term ZERO = new Term(0);

    public Term {
        if (value < 0) {
            throw new IllegalArgumentException("a term is not negative: value=" + value);
        }
    }

    public boolean isAfter(Term other) {
        return value > other.value;
    }

    public Term next() {
        return new Term(value + 1);
    }

    @Override
    public int compareTo(Term other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
