package io.holdfast.node.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How a key's text becomes a value, and what is said of texts that do not.
///
/// @param form what a user may write, as it stands in the reference
/// @param parser throws [IllegalArgumentException] whose message completes `key: `
record ConfigKind<T>(String form, Function<String, T> parser) {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

    static ConfigKind<String> text(String form, Pattern pattern) {
        return new ConfigKind<>(form, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new IllegalArgumentException("must be " + form);
            }
            return text;
        });
    }

    static ConfigKind<String> host() {
        return text("a host name or an address", HOST);
    }

    static ConfigKind<String> oneOf(List<String> words) {
        Set<String> allowed = Set.copyOf(words);
        String form = "one of " + String.join(", ", words);
        return new ConfigKind<>(form, text -> {
            if (!allowed.contains(text)) {
                throw new IllegalArgumentException("must be " + form);
            }
            return text;
        });
    }

    static ConfigKind<Path> path() {
        return new ConfigKind<>("a path, absolute or relative to the file's folder", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException invalid) {
                throw new IllegalArgumentException("is not a path", invalid);
            }
        });
    }

    static ConfigKind<List<Path>> paths() {
        ConfigKind<Path> one = path();
        return new ConfigKind<>(
                "paths with commas between them, each " + one.form().substring("a path, ".length()),
                text -> Arrays.stream(text.split(",", -1)).map(String::strip).map(one.parser()).toList());
    }

    static ConfigKind<List<String>> words() {
        return new ConfigKind<>(
                "words with commas between them",
                text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList());
    }

    static ConfigKind<URI> httpsAddress() {
        String form = "an address that begins with https://, without query and fragment";
        return new ConfigKind<>(form, text -> {
            URI address;
            try {
                address = URI.create(text);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException("must be " + form, malformed);
            }
            if (!"https".equals(address.getScheme()) || address.getHost() == null
                    || address.getRawQuery() != null || address.getRawFragment() != null) {
                throw new IllegalArgumentException("must be " + form);
            }
            return address;
        });
    }

    static ConfigKind<Boolean> yesOrNo() {
        return new ConfigKind<>("yes or no", text -> switch (text) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("must be yes or no");
        });
    }

    static ConfigKind<Integer> number(int min, int max) {
        String form = "a whole number, " + min + " to " + max;
        return new ConfigKind<>(form, text -> {
            try {
                return Math.toIntExact(inRange(Long.parseLong(text), min, max, form));
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("must be " + form, notANumber);
            }
        });
    }

    static ConfigKind<Duration> duration(Duration min, Duration max) {
        String form = "a time with its unit (ms, s, min, h, d), " + show(min) + " to " + show(max);
        return new ConfigKind<>(form, text -> {
            Matcher quantity = quantity(text, form);
            long amount = Long.parseLong(quantity.group(1));
            long unitMillis = switch (quantity.group(2)) {
                case "ms" -> 1L;
                case "s" -> 1_000L;
                case "min" -> 60_000L;
                case "h" -> 3_600_000L;
                case "d" -> 86_400_000L;
                default -> throw new IllegalArgumentException("must be " + form);
            };
            return Duration.ofMillis(
                    inRange(saturatedProduct(amount, unitMillis), min.toMillis(), max.toMillis(), form));
        });
    }

    static ConfigKind<Long> bytes(long min, long max) {
        String form =
                "a size with its unit (B, KiB, MiB, GiB, TiB), " + showBytes(min) + " to " + showBytes(max);
        return new ConfigKind<>(form, text -> {
            Matcher quantity = quantity(text, form);
            long amount = Long.parseLong(quantity.group(1));
            long unit = switch (quantity.group(2)) {
                case "B" -> 1L;
                case "KiB" -> 1L << 10;
                case "MiB" -> 1L << 20;
                case "GiB" -> 1L << 30;
                case "TiB" -> 1L << 40;
                default -> throw new IllegalArgumentException("must be " + form);
            };
            return inRange(saturatedProduct(amount, unit), min, max, form);
        });
    }

    /// The node to join through, written as its API's `host:port`.
    static ConfigKind<String> hostAndPort() {
        String form = "host:port";
        return new ConfigKind<>(form, text -> {
            URI address;
            try {
                address = URI.create("https://" + text);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException("must be " + form, malformed);
            }
            if (address.getHost() == null || address.getPort() <= 0 || !address.getRawPath().isEmpty()) {
                throw new IllegalArgumentException("must be " + form);
            }
            return text;
        });
    }

    static String show(Object value) {
        return switch (value) {
            case Duration duration -> showDuration(duration.toMillis());
            case Boolean flag -> flag ? "yes" : "no";
            case Long bytes -> showBytes(bytes);
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }

    private static String showDuration(long millis) {
        if (millis != 0 && millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis != 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis != 0 && millis % 60_000 == 0) {
            return millis / 60_000 + "min";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    private static String showBytes(long bytes) {
        List<String> units = List.of("B", "KiB", "MiB", "GiB", "TiB");
        long amount = bytes;
        int unit = 0;
        while (amount != 0 && amount % 1024 == 0 && unit < units.size() - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%d%s", amount, units.get(unit));
    }

    private static Matcher quantity(String text, String form) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be " + form);
        }
        return matcher;
    }

    private static long saturatedProduct(long amount, long unit) {
        return amount > Long.MAX_VALUE / unit ? Long.MAX_VALUE : amount * unit;
    }

    private static long inRange(long value, long min, long max, String form) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("must be " + form);
        }
        return value;
    }
}
