package io.holdfast.node.snapshot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's folder on the machine's file system in memory. It outlives a node that is killed, and with it
/// what lies there in the clear; a folder therefore says which data directory it belongs to, and every node
/// that starts removes those whose directory is gone, for no node will ever look there again. Used by one
/// thread.
public final class MemoryFolder {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryFolder.class);
    private static final String PREFIX = "holdfast-";
    private static final String OWNER = "owner";
    private static final int OWNER_CHARS_MAX = 4_096;

    /// Belongs to who this process runs as.
    private static final Path SELF = Path.of("/proc/self");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private MemoryFolder() {}

    /// The folder of the node with this data directory, which has it alone, whatever others are called. One
    /// that somebody else has made there is removed first.
    ///
    /// @param memory where the file system in memory is mounted
    public static Path claim(Path memory, Path dataDirectory, String node) throws IOException {
        Path data = dataDirectory.toAbsolutePath();
        Path folder = memory.resolve(
                PREFIX + Integer.toHexString(data.toString().hashCode()) + "-" + node);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isOurs(folder)) {
            OpenFolders.deleteTree(folder);
        }
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            OpenFolders.privateFolder(folder);
        }
        Files.writeString(folder.resolve(OWNER), data.toString());
        return folder;
    }

    /// Removes the folders of this user's nodes whose data directories are gone.
    public static void sweep(Path memory) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(memory, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isAbandoned(folder)) {
                    OpenFolders.deleteTree(folder);
                    LOG.info("memory of a node that is gone was given back: folder={}", folder);
                }
            }
        } catch (IOException failure) {
            LOG.warn("what nodes that are gone left in memory could not be removed: folder={} reason={}",
                    memory, failure.getMessage());
        }
    }

    private static boolean isAbandoned(Path folder) throws IOException {
        return isOurs(folder) && owner(folder).filter(data -> Files.notExists(data)).isPresent();
    }

    /// Only what nobody else can write to is believed, used, and removed with what is in it.
    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(SELF))
                && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE);
    }

    private static Optional<Path> owner(Path folder) throws IOException {
        Path file = folder.resolve(OWNER);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > OWNER_CHARS_MAX) {
            return Optional.empty();
        }
        Path data = Path.of(Files.readString(file));
        return data.isAbsolute() ? Optional.of(data) : Optional.empty();
    }
}
