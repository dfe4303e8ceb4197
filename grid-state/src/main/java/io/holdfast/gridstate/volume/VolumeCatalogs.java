package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.catalog.Attribute.flag;
import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.gridstate.chunkmap.StreamId;
import java.util.List;

/// The catalogs of volumes.
public final class VolumeCatalogs {
    public static final Catalog<String, VolumeEntry> VOLUMES = Catalog.of(
            "volumes",
            KeyForm.text(name -> Check.name("a volume's name", name), name -> name),
            VolumeEntry.class,
            List.of(
                    number("sizeBytes", VolumeEntry::sizeBytes),
                    text("family", volume -> volume.family().toString()),
                    text("profile", volume -> volume.profile().toString()),
                    flag("isProtected", VolumeEntry::isProtected),
                    text("attachedTo", volume -> volume.attachment().map(Attachment::node).orElse("")),
                    number("createdMillis", VolumeEntry::createdMillis)));

    public static final Catalog<VolumeSnapshotKey, VolumeSnapshotEntry> SNAPSHOTS = Catalog.of(
            "volume-snapshots",
            KeyForm.text(VolumeSnapshotKey::parse, VolumeSnapshotKey::toString),
            VolumeSnapshotEntry.class,
            List.of(
                    number("number", VolumeSnapshotEntry::number),
                    number("sizeBytes", VolumeSnapshotEntry::sizeBytes),
                    number("createdMillis", VolumeSnapshotEntry::createdMillis)));

    public static final Catalog<StreamId, ReclaimEntry> RECLAIMS = Catalog.of(
            "reclaims",
            KeyForm.text(StreamId::parse, StreamId::toString),
            ReclaimEntry.class,
            List.of(text("volume", ReclaimEntry::volume), number("sinceMillis", ReclaimEntry::sinceMillis)));

    private VolumeCatalogs() {}
}
