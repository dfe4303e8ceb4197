package io.holdfast.hostio.disk;

import io.holdfast.hostio.nativeaccess.FileSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder of a mounted file system. Concurrent.
public final class FileDisk implements Disk {
    private static final Logger LOG = LoggerFactory.getLogger(FileDisk.class);

    private final Path folder;
    private final Object key;

    private FileDisk(Path folder, Object key) {
        this.folder = folder;
        this.key = key;
    }

    /// Opens a folder, making it (not its parents) if it is missing.
    public static FileDisk open(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectory(absolute);
                syncFolder(absolute.getParent() == null ? absolute : absolute.getParent());
            }
            return new FileDisk(absolute, identity(absolute));
        } catch (IOException failure) {
            throw DiskFailures.translate("open folder", absolute, failure);
        }
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public DiskFile create(String file, long bytes) {
        Path path = path(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException taken) {
            throw new DiskIoException("the name is taken: path=" + path, taken);
        } catch (IOException failure) {
            throw failure("create", path, failure);
        }
        try {
            ChannelFile made = new ChannelFile(path, channel);
            if (bytes > 0 && !FileSpace.reserve(path, bytes)) {
                made.writeZeros(0, bytes);
            }
            return made;
        } catch (DiskException failure) {
            discard(path, channel);
            throw failure;
        } catch (IOException failure) {
            discard(path, channel);
            throw failure("create", path, failure);
        }
    }

    private static void discard(Path path, FileChannel channel) {
        try (channel) {
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            LOG.warn("a half-made file is left behind: path={}", path, failure);
        }
    }

    @Override
    public DiskFile open(String file) {
        Path path = path(file);
        try {
            return new ChannelFile(
                    path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException failure) {
            throw failure("open", path, failure);
        }
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw failure("rename", path(from), failure);
        }
    }

    @Override
    public void delete(String file) {
        try {
            Files.delete(path(file));
        } catch (IOException failure) {
            throw failure("delete", path(file), failure);
        }
    }

    @Override
    public List<String> list() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                names.add(String.valueOf(file.getFileName()));
            }
        } catch (IOException failure) {
            throw failure("list", folder, failure);
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void syncDirectory() {
        try {
            syncFolder(folder);
        } catch (IOException failure) {
            throw failure("sync folder", folder, failure);
        }
    }

    @Override
    public DiskCapacity capacity() {
        try {
            FileStore store = Files.getFileStore(folder);
            return new DiskCapacity(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException failure) {
            throw failure("measure", folder, failure);
        }
    }

    /// Files opened through the disk are closed by whoever opened them.
    @Override
    public void close() {
        LOG.debug("disk closed: folder={}", folder);
    }

    private Path path(String file) {
        if (file.isEmpty() || file.startsWith(".") || file.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a plain file name: file=" + file);
        }
        return folder.resolve(file);
    }

    /// A folder that was unmounted or replaced makes every failure the failure of a disk that is gone.
    private DiskException failure(String operation, Path path, IOException failure) {
        if (!isSameFolder()) {
            return new DiskGoneException(
                    "the folder is gone: operation=" + operation + " path=" + path, failure);
        }
        return DiskFailures.translate(operation, path, failure);
    }

    private boolean isSameFolder() {
        try {
            return key.equals(identity(folder));
        } catch (IOException _) {
            return false; // Whatever keeps us from looking at the folder keeps us from using it.
        }
    }

    private static Object identity(Path folder) throws IOException {
        return Files.getAttribute(folder, "unix:dev") + ":" + Files.getAttribute(folder, "unix:ino");
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
