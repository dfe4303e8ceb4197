package io.holdfast.consensus.rocksdb;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// The native part of RocksDB. A distribution has it unpacked in a folder of `java.library.path`; elsewhere
/// it is unpacked from its jar. RocksDB's own loader would leave the unpacked file until an orderly exit, so
/// that each process that is killed left one; here it is deleted as soon as it is loaded.
final class NativeRocks {
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    private NativeRocks() {}

    static synchronized void load() {
        List<String> folders = foldersThatHaveIt(System.getProperty("java.library.path", ""));
        if (!folders.isEmpty()) {
            RocksDB.loadLibrary(folders);
            return;
        }
        try {
            loadFromJar();
        } catch (IOException failure) {
            throw new StoreFailure("RocksDB cannot be loaded: " + failure.getMessage(), failure);
        }
    }

    /// Those of the folders of a library path in which this machine's form of the library lies.
    static List<String> foldersThatHaveIt(String libraryPath) {
        String name = Environment.getJniLibraryFileName("rocksdb");
        return SEPARATOR.splitAsStream(libraryPath)
                .filter(folder -> !folder.isEmpty() && Files.isRegularFile(Path.of(folder, name)))
                .toList();
    }

    private static void loadFromJar() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        Path unpacked = Files.createTempDirectory(parent, "rocksdb");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
        } finally {
            Directories.deleteRecursively(unpacked);
        }
        RocksDB.loadLibrary();
    }
}
