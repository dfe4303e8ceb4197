package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.NOT_FOUND;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// An OCI layout in a folder. Immutable.
record FolderFiles(Path folder) implements LayoutSource.LayoutFiles {
    @Override
    public InputStream open(String path) throws IOException {
        Path file = folder.resolve(path);
        // Of plain files only: a pipe would never end.
        if (!Files.isRegularFile(file)) {
            throw new ImageException(
                    NOT_FOUND, "the layout lacks a file: folder=" + folder + " file=" + path);
        }
        return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    @Override
    public void close() {}
}
