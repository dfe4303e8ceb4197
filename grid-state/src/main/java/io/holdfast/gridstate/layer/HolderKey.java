package io.holdfast.gridstate.layer;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.LayerDigest;

/// A node that holds blocks of a layer; written `digest/node`.
///
/// @param layer the layer
/// @param node the node's name
public record HolderKey(LayerDigest layer, String node) {
    public HolderKey {
        Check.name("a node's name", node);
    }

    /// Reads what [#toString()] writes.
    public static HolderKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a holder is written digest/node");
        }
        return new HolderKey(new LayerDigest(text.substring(0, slash)), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return layer + "/" + node;
    }
}
