package io.holdfast.gridstate.catalog;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// The bounds that the components of commands and records keep; each check answers what it was given.
/// A broken bound is an [IllegalArgumentException], which the codec turns into a refusal.
public final class Check {
    /// Longest name, chosen to fit a DNS label.
    public static final int NAME_CHARS_MAX = 63;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private Check() {}

    /// 1 to 63 characters of `a-z`, `0-9`, `.`, `_` and `-`, first a letter or digit.
    public static String name(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    what + " is 1 to 63 characters of a-z, 0-9, '.', '_' and '-', first a letter or digit");
        }
        return value;
    }

    /// 1 to `charsMax` printable characters.
    public static String text(String what, String value, int charsMax) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        return note(what, value, charsMax);
    }

    /// 0 to `charsMax` printable characters.
    public static String note(String what, String value, int charsMax) {
        if (value.length() > charsMax) {
            throw new IllegalArgumentException(
                    what + " is longer than " + charsMax + " characters: characters=" + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(what + " holds a control character: offset=" + i);
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == value.length()
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw new IllegalArgumentException(what + " holds half a character: offset=" + i);
                }
                i++;
            }
        }
        return value;
    }

    public static long notNegative(String what, long value) {
        return range(what, value, 0, Long.MAX_VALUE);
    }

    public static long range(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " is " + min + " to " + max + ": value=" + value);
        }
        return value;
    }

    /// An unmodifiable copy of at most `countMax` elements.
    public static <T> List<T> atMost(String what, List<T> values, int countMax) {
        if (values.size() > countMax) {
            throw new IllegalArgumentException(
                    what + " are more than " + countMax + ": count=" + values.size());
        }
        return List.copyOf(values);
    }

    /// An unmodifiable copy of at most `countMax` different elements.
    public static <T> List<T> distinct(String what, List<T> values, int countMax) {
        List<T> copy = atMost(what, values, countMax);
        if (new HashSet<>(copy).size() != copy.size()) {
            throw new IllegalArgumentException(what + " hold the same twice");
        }
        return copy;
    }
}
