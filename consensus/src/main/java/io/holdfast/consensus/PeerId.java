package io.holdfast.consensus;

import java.util.regex.Pattern;

/// The name of a Raft participant; the same text as the name of the node that runs it.
///
/// @param value 1 to 63 characters of `a-z`, `0-9` and `-`, beginning with a letter
public record PeerId(String value) implements Comparable<PeerId> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    public PeerId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a peer's name is 1 to 63 characters of a-z, 0-9 and '-', first a letter: name=" + value);
        }
    }

    @Override
    public int compareTo(PeerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
