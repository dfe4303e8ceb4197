package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A container's root as this machine sees it, while nothing runs in it. What is put there stays within: no
/// link that the image brought along is followed.
record RootFolder(Path path) {
    /// Replaces a file, with the folders above it where they are missing.
    ///
    /// @throws IOException if something other than a folder stands in the way
    void write(ContainerFile file) throws IOException {
        String[] names = file.path().substring(1).split("/", -1);
        Path folder = path;
        for (int index = 0; index < names.length - 1; index++) {
            folder = folder.resolve(names[index]);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(
                        "the image has something else where a folder should be: path=" + file.path()
                        + " at=" + path.relativize(folder));
            }
        }
        Path target = folder.resolve(names[names.length - 1]);
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the image has a folder where a file should be: path=" + file.path());
        }
        Files.deleteIfExists(target);
        Files.writeString(target, file.content(), StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /// Makes the places at which something is going to be mounted.
    void makePlace(String destination, boolean isFolder) throws IOException {
        String[] names = destination.substring(1).split("/", -1);
        Path place = path;
        for (int index = 0; index < names.length; index++) {
            place = place.resolve(names[index]);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                if (Files.isSymbolicLink(place)) {
                    throw new IOException("a mount's place leads through a link: destination=" + destination);
                }
            } else if (index < names.length - 1 || isFolder) {
                Files.createDirectory(place);
            } else {
                Files.createFile(place);
            }
        }
    }
}
