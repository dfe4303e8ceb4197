package io.holdfast.node.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A column of a table: its heading and which field of a row it shows.
///
/// @param pointer a JSON pointer such as `/addresses/api`
public record Column(String heading, String pointer) {
    /// More columns than this do not fit a terminal.
    private static final int DERIVED_COLUMNS_MAX = 8;

    private static final String MILLIS = "Millis";

    /// The year 2001 in milliseconds since 1970: what is less is a length of time, not a moment.
    private static final long TIME_MILLIS_MIN = 1_000_000_000_000L;

    /// Headings made from field names: `certificateSerial` becomes `CERTIFICATE-SERIAL`; `a/b` is a path,
    /// and `name:path` gives it a name of its own.
    public static List<Column> of(String... fields) {
        List<Column> columns = new ArrayList<>();
        for (String field : fields) {
            int colon = field.indexOf(':');
            String path = field.substring(colon + 1);
            String name = colon < 0 ? path.substring(path.lastIndexOf('/') + 1) : field.substring(0, colon);
            columns.add(new Column(headingOf(name), "/" + path));
        }
        return columns;
    }

    /// The plain fields of rows whose shape is not known beforehand, in order of appearance.
    public static List<Column> ofRows(JsonNode rows) {
        Set<String> fields = new LinkedHashSet<>();
        for (JsonNode row : rows) {
            row.properties().stream()
                    .filter(field -> field.getValue().isValueNode())
                    .map(Map.Entry::getKey)
                    .forEach(fields::add);
        }
        return of(fields.stream().limit(DERIVED_COLUMNS_MAX).toArray(String[]::new));
    }

    private static Stream<JsonNode> itemsOf(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String headingOf(String field) {
        return titleOf(field).replaceAll("([a-z0-9])([A-Z])", "$1-$2").toUpperCase(Locale.ROOT);
    }

    /// What a field is called where its value is shown for people: a time is shown as one.
    static String titleOf(String field) {
        return field.endsWith(MILLIS) && field.length() > MILLIS.length()
                ? field.substring(0, field.length() - MILLIS.length())
                : field;
    }

    private boolean isTime(JsonNode value) {
        return pointer.endsWith(MILLIS) && value.isIntegralNumber() && value.asLong() >= TIME_MILLIS_MIN;
    }

    /// What the column shows of a row; `-` if the row has no such field.
    String textOf(JsonNode row) {
        JsonNode value = row.at(pointer);
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        if (value.isArray() && itemsOf(value).allMatch(JsonNode::isValueNode)) {
            return value.isEmpty() ? "-" : String.join(",", itemsOf(value).map(JsonNode::asText).toList());
        }
        if (isTime(value)) {
            return Instant.ofEpochMilli(value.asLong()).truncatedTo(ChronoUnit.SECONDS).toString();
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return text.isEmpty() ? "-" : text;
    }
}
