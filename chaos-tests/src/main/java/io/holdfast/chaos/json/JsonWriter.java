package io.holdfast.chaos.json;

import java.util.Map;

/// Writes values as text.
final class JsonWriter {
    private JsonWriter() {}

    static void write(Json value, StringBuilder out) {
        switch (value) {
            case Json.Text text -> writeText(text.value(), out);
            case Json.Numeral number -> out.append(number.literal());
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null _ -> out.append("null");
            case Json.Items items -> writeItems(items, out);
            case Json.Members members -> writeMembers(members, out);
        }
    }

    private static void writeItems(Json.Items items, StringBuilder out) {
        String separator = "[";
        for (Json item : items.items()) {
            out.append(separator);
            write(item, out);
            separator = ",";
        }
        out.append(items.items().isEmpty() ? "[]" : "]");
    }

    private static void writeMembers(Json.Members members, StringBuilder out) {
        String separator = "{";
        for (Map.Entry<String, Json> member : members.members().entrySet()) {
            out.append(separator);
            writeText(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append(members.members().isEmpty() ? "{}" : "}");
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    // Angle brackets too, so that the text can stand within HTML.
                    if (c < 0x20 || c == '<' || c == '>' || c == 0x7f) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
