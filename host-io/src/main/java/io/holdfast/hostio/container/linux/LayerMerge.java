package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.nativeaccess.OpenFolder;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/// Makes one writable layer of two, so that overlayfs shows the same as before.
///
/// What the upper one says of a name holds. Where it says nothing, what the lower one says does: a file, a
/// folder with all that is in it, or that the name is gone, which is a character device 0/0, or all names of
/// a folder, which is an attribute of it (Linux, `Documentation/filesystems/overlayfs.rst`).
final class LayerMerge {
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final String REDIRECT = "trusted.overlay.redirect";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

    private LayerMerge() {}

    /// Moves into the upper layer what it does not hide of the lower one. Both are changed, and of no use if
    /// it fails.
    ///
    /// @throws IOException if a folder was renamed in a way that only a mount of both understands
    static void fill(Path upper, Path lower) throws IOException {
        requireInPlace(upper);
        requireInPlace(lower);
        fillFolder(upper, lower);
    }

    private static void fillFolder(Path upper, Path lower) throws IOException {
        if (isOpaque(upper)) {
            return;
        }
        FileTime changed = Files.getLastModifiedTime(upper);
        try (DirectoryStream<Path> below = Files.newDirectoryStream(lower)) {
            for (Path entry : below) {
                Path over = upper.resolve(entry.getFileName());
                if (!Files.exists(over, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(entry, over);
                } else if (isFolder(over) && isFolder(entry)) {
                    fillFolder(over, entry);
                } else if (isFolder(over)) {
                    // It stands where a file stood, and shows nothing of a folder further below.
                    makeOpaque(over);
                }
            }
        }
        if (isOpaque(lower)) {
            makeOpaque(upper);
        }
        Files.setLastModifiedTime(upper, changed);
    }

    /// A folder that was renamed may refer to its former name in the layers below.
    private static void requireInPlace(Path folder) throws IOException {
        if (has(folder, REDIRECT)) {
            throw new IOException("a renamed folder is found in several layers: folder=" + folder);
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder, LayerMerge::isFolder)) {
            for (Path each : content) {
                requireInPlace(each);
            }
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOpaque(Path folder) throws SystemCallException {
        return has(folder, OPAQUE);
    }

    private static boolean has(Path folder, String attribute) throws SystemCallException {
        try (OpenFolder open = OpenFolder.root(folder)) {
            return open.hasAttribute(".", attribute);
        }
    }

    private static void makeOpaque(Path folder) throws SystemCallException {
        try (OpenFolder open = OpenFolder.root(folder)) {
            open.setAttribute(".", OPAQUE, YES);
        }
    }
}
