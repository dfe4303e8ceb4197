package io.holdfast.gridstate.image;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;

/// What an image is.
///
/// @param origin where it was imported from
/// @param platform that it is for, such as `linux/amd64`
/// @param configuration the digest that names it as it is unpacked
/// @param manifest names it as it is stored
/// @param parts its configuration and its layers, each once
public record ImageDraft(
        String origin, String platform, LayerDigest configuration, ImagePart manifest,
                List<ImagePart> parts) {
    /// A configuration and 256 layers.
    public static final int PARTS_MAX = 257;

    public ImageDraft {
        Check.text("an image's origin", origin, 512);
        Check.text("a platform", platform, 64);
        parts = Check.distinct("an image's parts", parts, PARTS_MAX);
        if (parts.stream().noneMatch(part -> part.digest().equals(configuration))) {
            throw new IllegalArgumentException("an image's configuration is one of its parts");
        }
    }

    /// Of all parts, with the manifest.
    public long sizeBytes() {
        long sum = manifest.sizeBytes();
        for (ImagePart part : parts) {
            sum += part.sizeBytes();
        }
        return sum;
    }
}
