package io.holdfast.gridstate.testing;

import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import java.util.List;

/// Two small catalogs of texts.
public final class TestCatalogs {
    public static final Catalog<String, String> THINGS = Catalog.of(
            "things",
            KeyForm.text(text -> text, text -> text),
            String.class,
            List.of(
                    Attribute.text("initial", value -> value.substring(0, 1)),
                    Attribute.number("length", String::length),
                    Attribute.flag("shouting", value -> value.endsWith("!"))));

    public static final Catalog<String, String> NOTES =
            Catalog.of("notes", KeyForm.text(text -> text, text -> text), String.class, List.of());

    public static final List<Catalog<?, ?>> ALL = List.of(THINGS, NOTES);

    private TestCatalogs() {}

    public static GridSchema schema() {
        return new GridSchema(ALL, new TextCodec());
    }
}
