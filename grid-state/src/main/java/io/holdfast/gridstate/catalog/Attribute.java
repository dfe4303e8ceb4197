package io.holdfast.gridstate.catalog;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// A property of records that queries may name.
///
/// @param name as written in a query
/// @param kind what its values are
/// @param extractor takes the value out of a record: a `String`, a `Long` or a `Boolean`
public record Attribute<R>(String name, Kind kind, Function<R, Comparable<?>> extractor) {
    /// What an attribute's values are.
    public enum Kind {
        TEXT,
        NUMBER,
        FLAG
    }

    public static <R> Attribute<R> text(String name, Function<R, String> extractor) {
        return new Attribute<>(name, Kind.TEXT, extractor::apply);
    }

    public static <R> Attribute<R> number(String name, ToLongFunction<R> extractor) {
        return new Attribute<>(name, Kind.NUMBER, extractor::applyAsLong);
    }

    public static <R> Attribute<R> flag(String name, Predicate<R> extractor) {
        return new Attribute<>(name, Kind.FLAG, extractor::test);
    }

    public Comparable<?> valueOf(R value) {
        return extractor.apply(value);
    }
}
