package io.holdfast.chaos.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A JSON value (RFC 8259). Immutable.
public sealed interface Json {
    /// A text.
    record Text(String value) implements Json {}

    /// A number, as it was written.
    record Numeral(String literal) implements Json {}

    /// True or false.
    record Bool(boolean value) implements Json {}

    /// The null value.
    record Null() implements Json {}

    /// An ordered list.
    record Items(List<Json> items) implements Json {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// Named members, in order.
    record Members(Map<String, Json> members) implements Json {
        public Members {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    static Json of(String text) {
        return new Text(text);
    }

    static Json of(long number) {
        return new Numeral(Long.toString(number));
    }

    /// A number with three digits behind the point.
    static Json of(double number) {
        return new Numeral(String.format(Locale.ROOT, "%.3f", number));
    }

    static Json of(boolean value) {
        return new Bool(value);
    }

    static Json texts(List<String> texts) {
        return new Items(texts.stream().map(Json::of).toList());
    }

    /// An empty object to which members are added.
    static Builder object() {
        return new Builder();
    }

    /// Reads one value that fills the whole text.
    ///
    /// @throws InvalidJsonException with the place
    static Json parse(String text) throws InvalidJsonException {
        return new JsonParser(text).parse();
    }

    /// The member of this object, or empty if there is none or this is no object.
    default Optional<Json> member(String name) {
        return this instanceof Members object
                ? Optional.ofNullable(object.members().get(name))
                : Optional.empty();
    }

    /// The member's text.
    ///
    /// @throws InvalidJsonException if it has none
    default String text(String name) throws InvalidJsonException {
        if (member(name).orElse(null) instanceof Text text) {
            return text.value();
        }
        throw new InvalidJsonException("no text \"" + name + "\" in " + write());
    }

    /// The member's whole number.
    ///
    /// @throws InvalidJsonException if it has none
    default long number(String name) throws InvalidJsonException {
        if (member(name).orElse(null) instanceof Numeral number) {
            try {
                return Long.parseLong(number.literal());
            } catch (NumberFormatException e) {
                throw new InvalidJsonException("not a whole number: " + number.literal());
            }
        }
        throw new InvalidJsonException("no number \"" + name + "\" in " + write());
    }

    /// The items of the member, which must be a list.
    default List<Json> items(String name) throws InvalidJsonException {
        if (member(name).orElse(null) instanceof Items array) {
            return array.items();
        }
        throw new InvalidJsonException("no list \"" + name + "\" in " + write());
    }

    /// The text of this value, on one line.
    default String write() {
        StringBuilder out = new StringBuilder();
        JsonWriter.write(this, out);
        return out.toString();
    }

    /// Members, put together one by one. Confined to its thread.
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            members.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, of(value));
        }

        public Builder put(String name, long value) {
            return put(name, of(value));
        }

        public Builder put(String name, double value) {
            return put(name, of(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, of(value));
        }

        public Builder put(String name, List<Json> items) {
            return put(name, new Items(new ArrayList<>(items)));
        }

        public Json build() {
            return new Members(members);
        }
    }
}
