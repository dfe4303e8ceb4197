package io.holdfast.hostio.id;

import java.util.regex.Pattern;

/// The digest of a layer or other content-addressed object, as the OCI image specification writes it.
///
/// @param value `sha256:` and 64, or `sha512:` and 128, lower-case hexadecimal digits
public record LayerDigest(String value) implements Comparable<LayerDigest> {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    public LayerDigest {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a digest is sha256:<64 hex> or sha512:<128 hex>, lower case: digest=" + value);
        }
    }

    @Override
    public int compareTo(LayerDigest other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
