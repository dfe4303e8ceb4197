package io.holdfast.node.lifecycle;

import io.holdfast.hostio.mount.OwnedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where this process's libraries put what they need as files: in the node's data directory and not in the
/// host's `/tmp`, which a node that is killed again and again would fill. What a killed process left is
/// deleted at the next start. Used once, before anything is loaded.
public final class TemporaryFolder {
    private static final String PROPERTY = "java.io.tmpdir";
    private static final String NAME = "temporary";

    private TemporaryFolder() {}

    /// Empties the folder in the data directory, and makes it the process's own. Returns it.
    ///
    /// @param dataDirectory an absolute path; made if it is not there
    public static Path use(Path dataDirectory) throws IOException {
        Path folder = dataDirectory.resolve(NAME);
        new OwnedFolder(folder.normalize()).delete();
        Files.createDirectories(dataDirectory);
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(PROPERTY, folder.toString());
        return folder;
    }
}
