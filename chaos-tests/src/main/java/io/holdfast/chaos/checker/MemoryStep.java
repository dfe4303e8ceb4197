package io.holdfast.chaos.checker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One request as an application handled it that keeps nothing but what it has in memory: how many it has
/// handled, and a digest of which ones, in which order. Immutable.
///
/// @param request unique name of the request
/// @param life random name that the process gave itself when it started cold
/// @param count which of its requests this is, from 1
/// @param before digest before the request; the life's name before the first one
/// @param after digest after it
public record MemoryStep(String request, String life, long count, String before, String after) {
    private static final int DIGITS = 16;

    /// Reads what the application wrote down: the parts in their order, separated by blanks.
    ///
    /// @throws IllegalArgumentException if it is not of this form
    public static MemoryStep parse(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("no step: parts=" + parts.length + " line=" + line);
        }
        return new MemoryStep(parts[0], parts[1], Long.parseLong(parts[2]), parts[3], parts[4]);
    }

    /// The digest that follows from one and a request: the first 16 hexadecimal digits of the SHA-256 of
    /// both, a blank between them.
    public static String next(String before, String request) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((before + " " + request).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Whether the process that handled it had just started cold.
    public boolean isFirst() {
        return before.equals(life);
    }
}
