package io.holdfast.gridstate.image;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.LayerDigest;

/// A piece of an image as it is stored.
///
/// @param mediaType what it is
/// @param digest of its bytes
/// @param sizeBytes how many
public record ImagePart(String mediaType, LayerDigest digest, long sizeBytes) {
    public ImagePart {
        Check.text("a media type", mediaType, 255);
        Check.notNegative("a part's size", sizeBytes);
    }
}
