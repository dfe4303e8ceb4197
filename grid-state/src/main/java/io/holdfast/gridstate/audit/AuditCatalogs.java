package io.holdfast.gridstate.audit;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalogs of what users did, and of what nobody was let do.
public final class AuditCatalogs {
    public static final Catalog<AuditKey, AuditEntry> AUDIT = Catalog.of(
            "audit",
            KeyForm.text(AuditKey::parse, AuditKey::toString),
            AuditEntry.class,
            List.of(
                    text("user", AuditEntry::user),
                    text("command", AuditEntry::command),
                    text("outcome", AuditEntry::outcome),
                    number("timeMillis", AuditEntry::timeMillis)));

    public static final Catalog<AuditKey, RefusalEntry> REFUSALS = Catalog.of(
            "refusals",
            KeyForm.text(AuditKey::parse, AuditKey::toString),
            RefusalEntry.class,
            List.of(
                    text("node", RefusalEntry::node),
                    text("address", entry -> entry.refused().address()),
                    text("caller", entry -> entry.refused().caller()),
                    text("call", entry -> entry.refused().call()),
                    text("reason", entry -> entry.refused().reason()),
                    number("count", entry -> entry.refused().count()),
                    number("timeMillis", RefusalEntry::timeMillis)));

    private AuditCatalogs() {}
}
