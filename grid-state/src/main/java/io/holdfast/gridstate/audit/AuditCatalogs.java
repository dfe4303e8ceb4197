package io.holdfast.gridstate.audit;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalog of what users did.
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

    private AuditCatalogs() {}
}
