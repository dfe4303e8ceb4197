package io.holdfast.gridstate.rollout;

import java.util.regex.Pattern;

/// The unguessable part of an instance's address, drawn at random by the proposer.
///
/// @param value 32 to 64 lower-case hexadecimal digits: at least 128 bits
public record LinkId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32,64}");

    public LinkId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a link id is 32 to 64 lower-case hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
