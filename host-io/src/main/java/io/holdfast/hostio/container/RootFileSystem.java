package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.util.List;

/// The read-only layers a container's root is made of.
///
/// @param digest names the content of all layers together (an image's digest); a checkpoint fits only the
///     digest it was made with
/// @param layers folders of this machine, the topmost first; they must not change while a container uses
/// them
public record RootFileSystem(String digest, List<Path> layers) {
    private static final int LAYER_COUNT_MAX = 64;

    public RootFileSystem {
        layers = List.copyOf(layers);
        if (digest.isBlank() || layers.isEmpty() || layers.size() > LAYER_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "a root needs a digest and 1 to 64 layers: digest=" + digest + " layers="
                            + layers.size());
        }
        for (Path layer : layers) {
            if (!layer.isAbsolute()) {
                throw new IllegalArgumentException("a layer's path is absolute: layer=" + layer);
            }
        }
    }

    /// A single folder as root.
    public static RootFileSystem of(String digest, Path folder) {
        return new RootFileSystem(digest, List.of(folder));
    }
}
