package io.holdfast.chaos.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads values from text, by recursive descent. Confined to its thread.
final class JsonParser {
    /// Deeper text is refused instead of overflowing the stack.
    private static final int DEPTH_MAX = 200;

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Json parse() throws InvalidJsonException {
        Json value = value(0);
        skipBlanks();
        if (at < text.length()) {
            throw invalid("text behind the value");
        }
        return value;
    }

    private Json value(int depth) throws InvalidJsonException {
        if (depth > DEPTH_MAX) {
            throw invalid("nested too deep");
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> members(depth);
            case '[' -> items(depth);
            case '"' -> new Json.Text(string());
            case 't' -> literal("true", new Json.Bool(true));
            case 'f' -> literal("false", new Json.Bool(false));
            case 'n' -> literal("null", new Json.Null());
            default -> number();
        };
    }

    private Json members(int depth) throws InvalidJsonException {
        Map<String, Json> members = new LinkedHashMap<>();
        at++;
        skipBlanks();
        while (peek() != '}') {
            if (!members.isEmpty()) {
                expect(',');
                skipBlanks();
            }
            String name = string();
            skipBlanks();
            expect(':');
            members.put(name, value(depth + 1));
            skipBlanks();
        }
        at++;
        return new Json.Members(members);
    }

    private Json items(int depth) throws InvalidJsonException {
        List<Json> items = new ArrayList<>();
        at++;
        skipBlanks();
        while (peek() != ']') {
            if (!items.isEmpty()) {
                expect(',');
            }
            items.add(value(depth + 1));
            skipBlanks();
        }
        at++;
        return new Json.Items(items);
    }

    private String string() throws InvalidJsonException {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < 0x20) {
                throw invalid("control character in a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() throws InvalidJsonException {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw invalid("unknown escape");
        };
    }

    private char codeUnit() throws InvalidJsonException {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            throw invalid("four hexadecimal digits expected");
        }
        char unit = (char) Integer.parseInt(text.substring(at, at + 4), 16);
        at += 4;
        return unit;
    }

    private Json number() throws InvalidJsonException {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw invalid("no value");
        }
        at = matcher.end();
        return new Json.Numeral(matcher.group());
    }

    private Json literal(String word, Json value) throws InvalidJsonException {
        if (!text.startsWith(word, at)) {
            throw invalid("no value");
        }
        at += word.length();
        return value;
    }

    private void expect(char c) throws InvalidJsonException {
        if (peek() != c) {
            throw invalid("'" + c + "' expected");
        }
        at++;
    }

    private char peek() throws InvalidJsonException {
        if (at >= text.length()) {
            throw invalid("text ends");
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private InvalidJsonException invalid(String reason) {
        return new InvalidJsonException("invalid JSON: " + reason + ", at=" + at);
    }
}
