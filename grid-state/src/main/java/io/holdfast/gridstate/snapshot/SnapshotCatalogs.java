package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.catalog.Attribute.flag;
import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The snapshot catalog and what belongs to it.
public final class SnapshotCatalogs {
    public static final Catalog<SnapshotKey, SnapshotEntry> SNAPSHOTS = Catalog.of(
            "snapshots",
            KeyForm.text(SnapshotKey::parse, SnapshotKey::toString),
            SnapshotEntry.class,
            List.of(
                    text("state", snapshot -> snapshot.state().label()),
                    text("image", snapshot -> snapshot.image().value()),
                    text("hostClass", snapshot -> snapshot.hostClass().label()),
                    flag("protected", SnapshotEntry::isProtected),
                    number("sizeBytes", SnapshotEntry::chargedBytes),
                    number("createdMillis", SnapshotEntry::createdMillis),
                    text("origin", snapshot -> snapshot.origin().label())));

    public static final Catalog<ApplicationKey, ApplicationEntry> APPLICATIONS = Catalog.of(
            "applications",
            KeyForm.text(ApplicationKey::parse, ApplicationKey::toString),
            ApplicationEntry.class,
            List.of(
                    number("ready", ApplicationEntry::readyCount),
                    text("state", ApplicationEntry::state),
                    number("placed", ApplicationEntry::placedCount)));

    public static final Catalog<String, TenantEntry> TENANTS = Catalog.of(
            "tenants",
            KeyForm.text(name -> Check.name("a tenant's name", name), name -> name),
            TenantEntry.class,
            List.of(number("usedBytes", TenantEntry::usedBytes)));

    public static final Catalog<MakerKey, MakerEntry> MAKERS = Catalog.of(
            "snapshot-makers",
            KeyForm.text(MakerKey::parse, MakerKey::toString),
            MakerEntry.class,
            List.of());

    private SnapshotCatalogs() {}
}
