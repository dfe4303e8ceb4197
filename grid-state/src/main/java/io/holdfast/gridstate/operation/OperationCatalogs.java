package io.holdfast.gridstate.operation;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalog of operations.
public final class OperationCatalogs {
    public static final Catalog<String, OperationEntry> OPERATIONS = Catalog.of(
            "operations",
            KeyForm.text(id -> Check.name("an operation's id", id), id -> id),
            OperationEntry.class,
            List.of(
                    text("state", operation -> operation.state().label()),
                    text("kind", OperationEntry::kind),
                    text("owner", OperationEntry::owner),
                    text("target", OperationEntry::target),
                    number("startedMillis", OperationEntry::startedMillis)));

    private OperationCatalogs() {}
}
