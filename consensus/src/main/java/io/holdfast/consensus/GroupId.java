package io.holdfast.consensus;

import java.util.regex.Pattern;

/// The name of one Raft group; a process may serve a handful of them.
///
/// @param value 1 to 31 characters of `a-z`, `0-9` and `-`
public record GroupId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,31}");

    public GroupId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a group's name is 1 to 31 characters of a-z, 0-9 and '-': name=" + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
