package io.holdfast.node.http.contract;

import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A compiled schema: the part of JSON Schema that the document uses. A keyword that is not
/// enforced here is refused when the document is read, so the document cannot promise what nobody
/// checks. Immutable.
public sealed interface SchemaRule {
    /// Deeper than any body of the API.
    int DEPTH_MAX = 16;

    Set<String> NOTES =
            Set.of(
                    "description",
                    "title",
                    "example",
                    "examples",
                    "default",
                    "format",
                    "deprecated");

    /// Checks a value; throws a problem that points to what is wrong.
    void check(@Nullable Object value, String pointer);

    /// Reads a parameter's text as the kind of value that the rule is about.
    default Object fromText(String text) {
        return text;
    }

    /// Text.
    record Text(int lengthMin, int lengthMax, Optional<Pattern> pattern, Set<String> values)
            implements SchemaRule {
        @Override
        public void check(@Nullable Object value, String pointer) {
            if (!(value instanceof String text)) {
                throw wrong(pointer, "is text");
            }
            if (text.length() < lengthMin || text.length() > lengthMax) {
                throw wrong(pointer, "has " + lengthMin + " to " + lengthMax + " characters");
            }
            if (!values.isEmpty() && !values.contains(text)) {
                throw wrong(pointer, "is one of " + String.join(", ", new TreeSet<>(values)));
            }
            if (pattern.isPresent() && !pattern.get().matcher(text).matches()) {
                throw wrong(pointer, "matches " + pattern.get());
            }
        }
    }

    /// A whole number.
    record Whole(long min, long max) implements SchemaRule {
        @Override
        public void check(@Nullable Object value, String pointer) {
            if (!(value instanceof Integer || value instanceof Long)) {
                throw wrong(pointer, "is a whole number");
            }
            long number = ((Number) value).longValue();
            if (number < min || number > max) {
                throw wrong(pointer, "is " + min + " to " + max);
            }
        }

        @Override
        public Object fromText(String text) {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                return text;
            }
        }
    }

    /// True or false.
    record Flag() implements SchemaRule {
        @Override
        public void check(@Nullable Object value, String pointer) {
            if (!(value instanceof Boolean)) {
                throw wrong(pointer, "is true or false");
            }
        }

        @Override
        public Object fromText(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> text;
            };
        }
    }

    /// A list.
    record Many(SchemaRule items, int countMin, int countMax) implements SchemaRule {
        @Override
        public void check(@Nullable Object value, String pointer) {
            if (!(value instanceof JsonArray array)) {
                throw wrong(pointer, "is a list");
            }
            if (array.size() < countMin || array.size() > countMax) {
                throw wrong(pointer, "has " + countMin + " to " + countMax + " elements");
            }
            for (int i = 0; i < array.size(); i++) {
                items.check(array.getValue(i), pointer + "/" + i);
            }
        }
    }

    /// An object; always closed.
    record Fields(Map<String, SchemaRule> properties, List<String> required) implements SchemaRule {
        @Override
        public void check(@Nullable Object value, String pointer) {
            if (!(value instanceof JsonObject object)) {
                throw wrong(pointer, "is an object");
            }
            for (String name : required) {
                if (object.getValue(name) == null) {
                    throw wrong(pointer + "/" + name, "is missing");
                }
            }
            for (String name : object.fieldNames()) {
                SchemaRule rule = properties.get(name);
                if (rule == null) {
                    throw wrong(pointer, "knows only " + String.join(", ", properties.keySet()));
                }
                rule.check(object.getValue(name), pointer + "/" + name);
            }
        }
    }

    /// Compiles a schema; `resolver` follows references.
    static SchemaRule compile(JsonObject schema, Function<String, JsonObject> resolver) {
        return compile(schema, resolver, 0);
    }

    private static SchemaRule compile(
            JsonObject schema, Function<String, JsonObject> resolver, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalStateException("a schema is nested too deeply: depth=" + depth);
        }
        String reference = schema.getString("$ref");
        if (reference != null) {
            return compile(resolver.apply(reference), resolver, depth + 1);
        }
        String type = schema.getString("type", "");
        return switch (type) {
            case "string" -> {
                known(schema, Set.of("type", "minLength", "maxLength", "pattern", "enum"));
                yield new Text(
                        schema.getInteger("minLength", 0),
                        schema.getInteger("maxLength", 4_096),
                        Optional.ofNullable(schema.getString("pattern")).map(Pattern::compile),
                        texts(schema.getJsonArray("enum", new JsonArray())));
            }
            case "integer" -> {
                known(schema, Set.of("type", "minimum", "maximum"));
                yield new Whole(
                        schema.getLong("minimum", 0L), schema.getLong("maximum", Long.MAX_VALUE));
            }
            case "boolean" -> {
                known(schema, Set.of("type"));
                yield new Flag();
            }
            case "array" -> {
                known(schema, Set.of("type", "items", "minItems", "maxItems"));
                yield new Many(
                        compile(schema.getJsonObject("items"), resolver, depth + 1),
                        schema.getInteger("minItems", 0),
                        schema.getInteger("maxItems", 1_000));
            }
            case "object" -> fields(schema, resolver, depth);
            default ->
                    throw new IllegalStateException(
                            "a request's schema names one type: type=" + type);
        };
    }

    private static SchemaRule fields(
            JsonObject schema, Function<String, JsonObject> resolver, int depth) {
        known(schema, Set.of("type", "properties", "required", "additionalProperties"));
        if (!Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
            throw new IllegalStateException("a request's object is closed: schema=" + schema);
        }
        Map<String, SchemaRule> properties = new LinkedHashMap<>();
        JsonObject declared = schema.getJsonObject("properties", new JsonObject());
        for (String name : declared.fieldNames()) {
            properties.put(name, compile(declared.getJsonObject(name), resolver, depth + 1));
        }
        return new Fields(
                properties, List.copyOf(texts(schema.getJsonArray("required", new JsonArray()))));
    }

    private static void known(JsonObject schema, Set<String> keywords) {
        for (String keyword : schema.fieldNames()) {
            if (!keywords.contains(keyword) && !NOTES.contains(keyword)) {
                throw new IllegalStateException(
                        "a schema's keyword is not enforced: keyword=" + keyword);
            }
        }
    }

    private static Set<String> texts(JsonArray array) {
        Set<String> texts = new TreeSet<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(array.getString(i));
        }
        return texts;
    }

    private static ProblemException wrong(String pointer, String rule) {
        return new Problem(
                        422,
                        "invalid",
                        (pointer.isEmpty() ? "the body" : pointer) + " " + rule,
                        "GET /v1/openapi.json describes every call")
                .exception();
    }
}
