package io.holdfast.node.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A size as people write it: `1GiB`, `512MiB`, or a number of bytes.
///
/// @param bytes not negative
record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String,
            Integer> SHIFTS = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

    /// Reads one.
    ///
    /// @throws IllegalArgumentException if it is none
    static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a size is a number with its unit: B, KiB, MiB, GiB or TiB");
        }
        String unit = matcher.group(2);
        int shift = SHIFTS.getOrDefault(unit == null ? "B" : unit, 0);
        long amount = Long.parseLong(matcher.group(1));
        if (amount > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("the size is too large");
        }
        return new ByteSize(amount << shift);
    }

    /// For picocli.
    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        }
    }
}
