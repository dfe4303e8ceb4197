package io.holdfast.gridstate.placement;

import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalog of slots and the nodes that have claimed them.
public final class PlacementCatalogs {
    public static final Catalog<PlacementKey, PlacementEntry> PLACEMENTS = Catalog.of(
            "placements",
            KeyForm.text(PlacementKey::parse, PlacementKey::toString),
            PlacementEntry.class,
            List.of(
                    text("node", PlacementEntry::node),
                    text("state", placement -> placement.state().label())));

    private PlacementCatalogs() {}
}
