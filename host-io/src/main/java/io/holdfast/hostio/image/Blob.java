package io.holdfast.hostio.image;

import io.holdfast.hostio.id.LayerDigest;

/// What is said of a piece of an image where it is referred to.
///
/// @param mediaType what it is
/// @param digest of its bytes as they are stored
/// @param sizeBytes how many
public record Blob(String mediaType, LayerDigest digest, long sizeBytes) {
    public Blob {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size is not negative: sizeBytes=" + sizeBytes);
        }
    }
}
