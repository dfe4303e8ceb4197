package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.MergeMarks;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.mount.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The folder that CRIU restores from: the image's own, or, where memory is to be shared, that with the
/// marked files shown above it. The image itself is never changed. Confined to its caller.
///
/// @param isMounted whether it has to be taken away again
record ShownImages(Path folder, boolean isMounted) implements AutoCloseable {
    static ShownImages of(RestoreRequest request, ContainerFolder container) throws IOException {
        Path images = request.folder().resolve("criu");
        if (request.circle().isEmpty()) {
            return new ShownImages(images, false);
        }
        Path marked = container.tool().resolve("marked");
        Path shown = container.tool().resolve("images");
        MergeMarks.write(images, marked);
        Files.createDirectories(shown);
        Mounts.overlayReadOnly(List.of(marked, images), shown);
        return new ShownImages(shown, true);
    }

    @Override
    public void close() throws IOException {
        if (isMounted) {
            Mounts.unmountBelow(folder);
        }
    }
}
