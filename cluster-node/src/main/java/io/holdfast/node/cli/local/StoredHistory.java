package io.holdfast.node.cli.local;

import io.holdfast.consensus.history.HistoryReport;
import io.holdfast.consensus.history.HistoryVerifier;
import io.holdfast.consensus.rocksdb.RocksResources;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The hash-chained history that a stopped node has on disk. Stateless.
public final class StoredHistory {
    /// From a node's data folder down to `state/GROUP`.
    private static final int DEPTH_MAX = 4;

    private StoredHistory() {}

    /// The ledgers' stores below a data folder.
    public static List<Path> below(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.walk(data, DEPTH_MAX)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> folder.getParent() != null && folder.getParent().endsWith("state"))
                    .sorted()
                    .toList();
        }
    }

    /// Recomputes every hash of a store.
    public static HistoryReport verify(Path store) throws IOException {
        try (RocksResources resources = new RocksResources();
                RocksStateStore opened = RocksStateStore.openReadOnly(store, resources)) {
            return HistoryVerifier.verify(opened);
        }
    }
}
