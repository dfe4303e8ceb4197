package io.holdfast.hostio.image;

import java.io.IOException;
import java.io.InputStream;

/// Opens what references name.
public final class ImageSources {
    private ImageSources() {}

    /// The bytes of a piece, whose end is reached only if they are what their digest says.
    public static InputStream verified(ImageSource source, Blob blob) throws IOException {
        return new VerifiedInput(source.open(blob), blob);
    }

    /// A layout or archive of this machine, or a registry.
    ///
    /// @throws ImageException if there is nothing there
    public static ImageSource open(ImageReference reference) throws IOException {
        return switch (reference) {
            case ImageReference.Layout layout ->
                new LayoutSource(new FolderFiles(layout.folder()), layout.name());
            case ImageReference.Archive archive ->
                new LayoutSource(ArchiveFiles.open(archive.file()), archive.name());
            case ImageReference.Registry registry -> RegistrySource.open(registry);
        };
    }
}
