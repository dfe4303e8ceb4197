package io.holdfast.node.http;

import io.holdfast.node.http.exchange.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes a request's target apart, strictly: percent signs, UTF-8 and counts are checked, a slash
/// that was percent-encoded stays within its segment.
final class RequestPath {
    private static final int SEGMENT_COUNT_MAX = 16;
    private static final int PARAMETER_COUNT_MAX = 64;

    private RequestPath() {}

    /// The path's segments, decoded.
    static List<String> segments(String path) {
        if (!path.startsWith("/")) {
            throw malformed("the path begins with a slash");
        }
        List<String> segments = new ArrayList<>();
        for (String raw : List.of(path.substring(1).split("/", SEGMENT_COUNT_MAX + 1))) {
            segments.add(decode(raw, false));
        }
        if (segments.size() > SEGMENT_COUNT_MAX) {
            throw malformed("the path has too many segments");
        }
        return segments;
    }

    /// The query's parameters, decoded, in order.
    static Map<String, List<String>> query(@Nullable String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return values;
        }
        List<String> pairs = List.of(query.split("&", PARAMETER_COUNT_MAX + 1));
        if (pairs.size() > PARAMETER_COUNT_MAX) {
            throw malformed("the query has too many parameters");
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return values;
    }

    private static String decode(String raw, boolean plusIsSpace) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (i + 2 >= raw.length()
                        || !isHex(raw.charAt(i + 1))
                        || !isHex(raw.charAt(i + 2))) {
                    throw malformed("a percent sign is followed by two hexadecimal digits");
                }
                bytes[length] = (byte) HexFormat.fromHexDigits(raw, i + 1, i + 3);
                i += 2;
            } else if (c <= ' ' || c >= 0x7F) {
                throw malformed("the target holds visible ASCII characters");
            } else {
                bytes[length] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
            length++;
        }
        return text(bytes, length);
    }

    private static String text(byte[] bytes, int length) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, 0, length))
                            .toString();
            if (text.indexOf('\0') >= 0) {
                throw malformed("the target holds no zero character");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed("the target is UTF-8");
        }
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    private static io.holdfast.node.http.exchange.ProblemException malformed(String rule) {
        return Problem.badRequest("malformed-request", rule).exception();
    }
}
