package io.holdfast.hostio.image;

import io.holdfast.hostio.id.LayerDigest;
import java.util.List;

/// An image for this platform, whose documents have been checked.
///
/// @param manifest names the image as it is stored
/// @param configuration names the image as it is unpacked, however its layers are compressed
/// @param settings what the image says about its program
/// @param layers the lowest first
public record OciImage(Blob manifest, Blob configuration, ImageSettings settings, List<Layer> layers) {
    public OciImage {
        layers = List.copyOf(layers);
    }

    /// One layer.
    ///
    /// @param blob as it is stored
    /// @param unpackedDigest of its uncompressed bytes
    public record Layer(Blob blob, LayerDigest unpackedDigest) {}
}
