package io.holdfast.hostio.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A folder all of whose content is ours; the only thing that is deleted whole, and only when nothing is
/// mounted below it.
public record OwnedFolder(Path path) {
    /// No tree of ours is nested deeper; a loop of mounts would be.
    private static final int DEPTH_MAX = 4_096;

    public OwnedFolder {
        boolean isPlain = path.isAbsolute() && path.equals(path.normalize()) && path.getNameCount() >= 2;
        if (!isPlain) {
            throw new IllegalArgumentException("not a folder that may be deleted: path=" + path);
        }
    }

    /// Unmounts what is below, then deletes; does nothing if it is not there.
    ///
    /// @throws IOException without having deleted anything if something is still mounted below
    public void delete() throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        Path real = path.toRealPath();
        Mounts.unmountBelow(real);
        var left = MountTable.read().below(real);
        if (!left.isEmpty()) {
            throw new IOException("not deleted, something is still mounted below: folder=" + real + " mount="
                    + left.getFirst() + " count=" + left.size());
        }
        delete(real, deviceOf(real), 0);
    }

    /// The same for one folder or file below it.
    public void deleteBelow(Path child) throws IOException {
        if (!child.startsWith(path) || child.equals(path)) {
            throw new IllegalArgumentException("not below the folder: folder=" + path + " child=" + child);
        }
        new OwnedFolder(child).delete();
    }

    private static void delete(Path file, long device, int depth) throws IOException {
        try {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                if (deviceOf(file) != device || depth > DEPTH_MAX) {
                    throw new IOException("not deleted, it lies on another file system: folder=" + file);
                }
                try (DirectoryStream<Path> children = Files.newDirectoryStream(file)) {
                    for (Path child : children) {
                        delete(child, device, depth + 1);
                    }
                }
            }
            Files.deleteIfExists(file);
        } catch (NoSuchFileException goneMeanwhile) {
            // What we want.
            return;
        }
    }

    private static long deviceOf(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    }
}
