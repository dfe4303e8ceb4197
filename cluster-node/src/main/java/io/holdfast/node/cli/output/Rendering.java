package io.holdfast.node.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;

/// Turns answers into text. Stateless.
public final class Rendering {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /// Control characters in a name or message must not reach a terminal.
    private static final String CONTROL = "[\\p{Cntrl}&&[^\t]]";

    private Rendering() {}

    /// A list as a table with one row per item, or as the document itself.
    public static String list(OutputFormat format, List<Column> columns, JsonNode items) {
        return switch (format) {
            case TABLE -> table(columns, items);
            case JSON -> json(items);
            case YAML -> yaml(items);
        };
    }

    /// One thing as lines of `field  value`, or as the document itself.
    public static String single(OutputFormat format, JsonNode item) {
        return switch (format) {
            case TABLE -> fields(item);
            case JSON -> json(item);
            case YAML -> yaml(item);
        };
    }

    public static String json(JsonNode node) {
        try {
            return JSON.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always printable", impossible);
        }
    }

    private static String yaml(JsonNode node) {
        try {
            return YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build()
                    .writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always printable", impossible);
        }
    }

    private static String table(List<Column> columns, JsonNode items) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::heading).toList());
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> printable(column.textOf(item))).toList());
        }
        return aligned(rows);
    }

    private static String fields(JsonNode item) {
        List<List<String>> rows = new ArrayList<>();
        addFields(rows, "", item);
        return aligned(rows);
    }

    /// What stands within an object is shown as `outer.inner`.
    private static void addFields(List<List<String>> rows, String prefix, JsonNode item) {
        item.properties().forEach(field -> {
            if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                addFields(rows, prefix + field.getKey() + ".", field.getValue());
            } else {
                Column column = new Column("", "/" + field.getKey().replace("~", "~0").replace("/", "~1"));
                String text = printable(column.textOf(item));
                boolean isShownAsTime = !text.equals(field.getValue().asText());
                String name = isShownAsTime ? Column.titleOf(field.getKey()) : field.getKey();
                rows.add(List.of(prefix + name, text));
            }
        });
    }

    private static String aligned(List<List<String>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String printable(String text) {
        return text.replaceAll(CONTROL, " ");
    }
}
