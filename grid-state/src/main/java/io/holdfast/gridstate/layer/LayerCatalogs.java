package io.holdfast.gridstate.layer;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;

/// The layer registry and what belongs to it.
public final class LayerCatalogs {
    public static final Catalog<LayerDigest, LayerEntry> LAYERS = Catalog.of(
            "layers",
            KeyForm.text(LayerDigest::new, LayerDigest::value),
            LayerEntry.class,
            List.of(
                    text("state", layer -> layer.state().label()),
                    text("mediaType", LayerEntry::mediaType),
                    number("sizeBytes", LayerEntry::sizeBytes)));

    public static final Catalog<HolderKey, HolderEntry> HOLDERS = Catalog.of(
            "layer-holders",
            KeyForm.text(HolderKey::parse, HolderKey::toString),
            HolderEntry.class,
            List.of(number("blocks", HolderEntry::blockCount)));

    private LayerCatalogs() {}
}
