package io.holdfast.gridstate.hazelcast.entry;

import io.holdfast.gridstate.catalog.Attribute;

/// What records of a catalog a query asks for, by one of the catalog's attributes. Immutable.
public sealed interface GridFilter {
    String attribute();

    /// The attribute has this value: a `String`, a `Long` or a `Boolean`, as the attribute's kind says.
    record Equal(String attribute, Comparable<?> value) implements GridFilter {}

    /// The attribute is a number of at least this.
    record AtLeast(String attribute, long value) implements GridFilter {}

    /// The attribute is a number of at most this.
    record AtMost(String attribute, long value) implements GridFilter {}

    /// Whether an attribute of this kind can be asked so.
    default boolean suits(Attribute.Kind kind) {
        return switch (this) {
            case Equal equal -> switch (kind) {
                case TEXT -> equal.value() instanceof String;
                case NUMBER -> equal.value() instanceof Long;
                case FLAG -> equal.value() instanceof Boolean;
            };
            case AtLeast _, AtMost _ -> kind == Attribute.Kind.NUMBER;
        };
    }
}
