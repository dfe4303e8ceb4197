package io.holdfast.chaos.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a cut left, mounted as after a restart. Owned by whoever opened it.
public final class CutDisk implements AutoCloseable {
    private final Path image;
    private final Path folder;

    private CutDisk(Path image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    /// Mounts it; the file system repairs itself by its journal.
    ///
    /// @param place a folder that is not there, for the time being
    /// @throws IOException if the file system does not mount
    public static CutDisk open(FileSystemKind kind, DiskImage left, Path place)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(place.resolve("mounted"));
        CutDisk disk = new CutDisk(place.resolve("image"), folder);
        try {
            left.writeTo(disk.image);
            kind.mount(disk.image, folder);
            return disk;
        } catch (IOException e) {
            disk.clear();
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    private void clear() throws IOException {
        Files.deleteIfExists(image);
        Files.delete(folder);
        Files.delete(folder.getParent());
    }

    @Override
    public void close() throws IOException {
        FileSystemKind.unmount(folder.toString());
        clear();
    }
}
