package io.holdfast.gridstate.application;

import java.util.regex.Pattern;

/// A variable of the environment.
///
/// @param name letters, digits and `_`, first no digit
/// @param value any text without zeros
public record Variable(String name, String value) {
    /// Longest value.
    public static final int VALUE_CHARS_MAX = 8_192;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,126}");

    public Variable {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a variable's name is 1 to 127 letters, digits and '_', first no digit");
        }
        if (value.length() > VALUE_CHARS_MAX || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a variable's value has at most " + VALUE_CHARS_MAX + " characters and no zero");
        }
    }
}
