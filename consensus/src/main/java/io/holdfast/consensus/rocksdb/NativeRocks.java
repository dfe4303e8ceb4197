package io.holdfast.consensus.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/// The native part of RocksDB. Its loader unpacks it into a file that stays until an orderly exit, so that
/// each process that is killed would leave one; here the file is deleted as soon as it is loaded.
final class NativeRocks {
    private NativeRocks() {}

    static synchronized void load() {
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            Path unpacked = Files.createTempDirectory(parent, "rocksdb");
            try {
                NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
            } finally {
                Directories.deleteRecursively(unpacked);
            }
        } catch (IOException failure) {
            throw new StoreFailure("RocksDB cannot be loaded: " + failure.getMessage(), failure);
        }
        RocksDB.loadLibrary();
    }
}
