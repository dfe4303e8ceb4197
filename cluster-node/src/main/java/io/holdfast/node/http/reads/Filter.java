package io.holdfast.node.http.reads;

import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.node.http.port.Condition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Conditions, bound to the attributes of one catalog. Immutable.
public final class Filter<R> {
    private final List<Bound<R>> conditions;

    private record Bound<R>(
            Attribute<R> attribute, Condition.Operator operator, Comparable<?> value) {}

    private Filter(List<Bound<R>> conditions) {
        this.conditions = conditions;
    }

    /// Refuses unknown attributes and values of another kind with an [IllegalArgumentException].
    public static <R> Filter<R> of(Catalog<?, R> catalog, List<Condition> conditions) {
        List<Bound<R>> bound = new ArrayList<>();
        for (Condition condition : conditions) {
            Attribute<R> attribute =
                    catalog.attributes().stream()
                            .filter(known -> known.name().equals(condition.attribute()))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "a catalog has no such attribute: catalog="
                                                            + catalog.name()
                                                            + " known="
                                                            + catalog.attributes().stream()
                                                                    .map(Attribute::name)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ","))));
            bound.add(
                    new Bound<>(
                            attribute, condition.operator(), value(attribute, condition.value())));
        }
        return new Filter<>(List.copyOf(bound));
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    public boolean accepts(R value) {
        for (Bound<R> bound : conditions) {
            int comparison = compare(bound.attribute.valueOf(value), bound.value);
            if (!bound.operator.accepts(comparison)) {
                return false;
            }
        }
        return true;
    }

    private static Comparable<?> value(Attribute<?> attribute, String text) {
        return switch (attribute.kind()) {
            case TEXT -> text;
            case NUMBER -> {
                try {
                    yield Long.valueOf(text);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "a number is compared with a number: attribute=" + attribute.name(), e);
                }
            }
            case FLAG -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw new IllegalArgumentException(
                            "a flag is compared with true or false: attribute=" + attribute.name());
                }
                yield Boolean.valueOf(text);
            }
        };
    }

    private static int compare(Comparable<?> left, Comparable<?> right) {
        return switch (left) {
            case String text when right instanceof String other -> text.compareTo(other);
            case Long number when right instanceof Long other -> number.compareTo(other);
            case Boolean flag when right instanceof Boolean other -> flag.compareTo(other);
            default -> throw new IllegalStateException("an attribute's value is not of its kind");
        };
    }
}
