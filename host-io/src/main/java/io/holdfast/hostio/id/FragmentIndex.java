package io.holdfast.hostio.id;

/// The place of a fragment within its chunk: data fragments first (0 to k - 1), then parity (k to k + m -
/// 1).
///
/// @param value 0 to 31
public record FragmentIndex(int value) implements Comparable<FragmentIndex> {
    /// The largest k + m that any profile may have.
    public static final int COUNT_MAX = 32;

    public FragmentIndex {
        if (value < 0 || value >= COUNT_MAX) {
            throw new IllegalArgumentException(
                    "a fragment index is 0 to " + (COUNT_MAX - 1) + ": value=" + value);
        }
    }

    @Override
    public int compareTo(FragmentIndex other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
