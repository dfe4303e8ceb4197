package io.holdfast.gridstate.lease;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalog of leases.
public final class LeaseCatalogs {
    public static final Catalog<String, LeaseEntry> LEASES = Catalog.of(
            "leases",
            KeyForm.text(name -> Check.text("a lease's name", name, 127), name -> name),
            LeaseEntry.class,
            List.of(
                    text("holder", LeaseEntry::holder),
                    number("token", lease -> lease.token().value()),
                    number("expiresMillis", LeaseEntry::expiresMillis)));

    private LeaseCatalogs() {}
}
