package io.holdfast.consensus.statemachine;

import java.util.regex.Pattern;

/// A named, separately stored and ordered set of keys.
///
/// @param name 1 to 31 characters of `a-z` and `-`; names beginning with `ledger-` belong to the ledger
/// itself
public record Keyspace(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z-]{1,31}");

    public Keyspace {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a keyspace's name is 1 to 31 characters of a-z and '-': name=" + name);
        }
    }
}
