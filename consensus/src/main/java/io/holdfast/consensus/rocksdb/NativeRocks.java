package io.holdfast.consensus.rocksdb;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/// The native part of RocksDB. A distribution has it unpacked in a folder of `java.library.path`; elsewhere
/// it is unpacked from its jar. RocksDB's own loader would leave the unpacked file until an orderly exit, so
/// that each process that is killed left one; here it is deleted as soon as it is loaded.
final class NativeRocks {
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    private static boolean loaded;

    private NativeRocks() {}

    /// Does nothing the second time.
    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            if (!isOn(System.getProperty("java.library.path", ""))) {
                loadFromJar();
            }
        } catch (IOException failure) {
            throw new StoreFailure("RocksDB cannot be loaded: " + failure.getMessage(), failure);
        }
        RocksDB.loadLibrary();
        loaded = true;
    }

    /// Whether a folder of the library path has it, unpacked and under its plain name.
    static boolean isOn(String libraryPath) {
        String name = System.mapLibraryName("rocksdbjni");
        return SEPARATOR.splitAsStream(libraryPath)
                .anyMatch(folder -> !folder.isEmpty() && Files.isRegularFile(Path.of(folder, name)));
    }

    private static void loadFromJar() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        Path unpacked = Files.createTempDirectory(parent, "rocksdb");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
        } finally {
            Directories.deleteRecursively(unpacked);
        }
    }
}
