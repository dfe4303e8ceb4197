package io.holdfast.gridstate.catalog;

import java.util.regex.Pattern;

/// A SHA-256 digest; how secrets are kept.
///
/// @param value 64 lower-case hexadecimal digits
public record Sha256(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a SHA-256 digest is 64 lower-case hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
