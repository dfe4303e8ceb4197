package io.holdfast.node.cli.client;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that only their owner may read. They are never open to others, not even while they are written.
public final class PrivateFile {
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFile() {}

    /// Replaces the file in one step, making its folder if it is not there.
    public static void write(Path file, String text) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException("a folder is not a file: file=" + file);
        }
        makeFolder(folder);
        Path fresh = Files.createTempFile(folder, ".new", "", FILE);
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    public static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder, FOLDER);
        } catch (FileAlreadyExistsException linkToFolder) {
            // A symbolic link to a folder is as good as a folder.
            if (!Files.isDirectory(folder)) {
                throw linkToFolder;
            }
        }
    }
}
