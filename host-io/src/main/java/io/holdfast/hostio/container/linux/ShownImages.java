package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.MergeMarks;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.mount.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The folder that CRIU restores from: the image's own or, where memory is to be shared or some of it is
/// needed first, that with changed files shown above it. The image itself is never changed. Confined to its
/// caller.
///
/// @param isMounted whether it has to be taken away again
record ShownImages(Path folder, boolean isMounted) implements AutoCloseable {
    /// @param replaced files that stand in for those of their names, if any
    static ShownImages of(RestoreRequest request, ContainerFolder container, Map<String, byte[]> replaced)
            throws IOException {
        Path images = request.folder().resolve("criu");
        if (request.circle().isEmpty() && replaced.isEmpty()) {
            return new ShownImages(images, false);
        }
        Path changed = container.tool().resolve("changed");
        Path shown = container.tool().resolve("images");
        if (request.circle().isPresent()) {
            MergeMarks.write(images, changed);
        }
        Files.createDirectories(changed);
        for (Map.Entry<String, byte[]> file : replaced.entrySet()) {
            Files.write(changed.resolve(file.getKey()), file.getValue());
        }
        Files.createDirectories(shown);
        Mounts.overlayReadOnly(List.of(changed, images), shown);
        return new ShownImages(shown, true);
    }

    @Override
    public void close() throws IOException {
        if (isMounted) {
            Mounts.unmountBelow(folder);
        }
    }
}
