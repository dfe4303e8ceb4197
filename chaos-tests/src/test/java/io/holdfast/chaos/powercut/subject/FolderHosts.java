package io.holdfast.chaos.powercut.subject;

import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.FragmentStores;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.chunkstore.StoreOptions;
import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.FileDisk;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.FragmentHolders;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.LocalFragmentHolder;
import io.holdfast.hostio.testing.DefectiveDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Hosts of one process, each with a folder for its fragments, all on one disk. Concurrent.
final class FolderHosts implements FragmentHolders, AutoCloseable {
    private static final int COUNT = 3;
    private static final int OPEN_FILES_MAX = 16;
    private static final long INDEX_BYTES_MAX = 8 << 20;
    /// Small, so that extents and segments come and go all the time.
    private static final StoreGeometry GEOMETRY = new StoreGeometry(64 << 10, 4, 4);

    private final List<FragmentStore> stores = new ArrayList<>();
    private final List<FragmentHolder> holders = new ArrayList<>();

    private FolderHosts() {}

    static List<HolderId> ids() {
        return IntStream.rangeClosed(1, COUNT).mapToObj(host -> new HolderId(host, 0)).toList();
    }

    /// Opens, or makes, their stores in the folder.
    static FolderHosts open(Path folder, Haste haste) throws IOException {
        Files.createDirectories(folder);
        FolderHosts hosts = new FolderHosts();
        try {
            for (HolderId id : ids()) {
                StoreOptions options = new StoreOptions(
                        GEOMETRY, OPEN_FILES_MAX, INDEX_BYTES_MAX, new SplittableRandom(id.host()));
                Disk real = FileDisk.open(folder.resolve("host-" + id.host()));
                Disk disk = haste == Haste.NONE
                        ? real
                        : new DefectiveDisk(real, DefectiveDisk.Defect.SYNC_DOES_NOTHING);
                FragmentStore store = FragmentStores.open(List.of(disk), options);
                hosts.stores.add(store);
                hosts.holders.add(new LocalFragmentHolder(store));
            }
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    @Override
    public FragmentHolder holder(HolderId id) {
        return holders.get(id.host() - 1);
    }

    @Override
    public Optional<HolderId> local() {
        return Optional.empty();
    }

    @Override
    public void close() {
        stores.forEach(FragmentStore::close);
    }
}
