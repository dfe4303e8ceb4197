package io.holdfast.node.storage;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.DiskStatus;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.FragmentStores;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.chunkstore.StoreOptions;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.FileDisk;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.LocalFragmentHolder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The disks of this node, each with its store of fragments. Immutable once open; the stores are concurrent.
public final class LocalDisks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDisks.class);

    private final Map<Integer, Disk> disks;

    /// A disk, open or with the reason why it is not.
    private record Disk(Path folder, Optional<FragmentStore> store, String reason) {}

    private LocalDisks(Map<Integer, Disk> disks) {
        this.disks = disks;
    }

    /// Opens the disks; one that cannot be opened is left out and says why.
    ///
    /// @param dataDirectory where the list of disks is kept
    /// @param segmentBytes size of the files that a new disk is filled with
    /// @throws IOException if the list of disks cannot be read or written
    public static LocalDisks open(Path dataDirectory, String node, List<Path> folders, long segmentBytes)
            throws IOException {
        DiskNumbers numbers = DiskNumbers.load(dataDirectory, node);
        StoreOptions options = options(segmentBytes);
        Map<Integer, Disk> disks = new TreeMap<>();
        numbers.given().forEach((number, folder) ->
                disks.put(number, new Disk(folder, Optional.empty(), "no longer configured")));
        List<String> refused = new ArrayList<>();
        for (Path folder : folders) {
            try {
                disks.put(numbers.of(folder), open(folder, options));
            } catch (IOException failure) {
                refused.add(folder + ": " + failure.getMessage());
                LOG.error("a disk is left out: folder={} reason={}", folder, failure.toString());
            }
        }
        LOG.info("disks: open={} of={} refused={}",
                disks.values().stream().filter(disk -> disk.store().isPresent()).count(), folders.size(),
                        refused);
        return new LocalDisks(disks);
    }

    private static StoreOptions options(long segmentBytes) {
        StoreGeometry standard = StoreGeometry.DEFAULT;
        int extents = (int) Math.max(1, segmentBytes / standard.extentBytes());
        StoreOptions defaults = StoreOptions.defaults(new SecureRandom());
        return new StoreOptions(
                new StoreGeometry(standard.extentBytes(), extents, standard.extentsPerFragmentMax()),
                defaults.openFilesMax(),
                defaults.indexBytesMax(),
                defaults.random());
    }

    private static Disk open(Path folder, StoreOptions options) {
        try {
            return new Disk(
                    folder,
                    Optional.of(FragmentStores.open(
                            List.of(FileDisk.open(folder.resolve("chunks"))), options)),
                    "");
        } catch (DiskException | ChunkStoreException failure) {
            LOG.error("a disk does not open: folder={}", folder, failure);
            return new Disk(folder, Optional.empty(), String.valueOf(failure.getMessage()));
        }
    }

    /// The holder of a disk's fragments, if the disk is open.
    public Optional<FragmentHolder> holder(int number) {
        return store(number).map(LocalFragmentHolder::new);
    }

    /// The store of a disk, if the disk is open.
    public Optional<FragmentStore> store(int number) {
        return Optional.ofNullable(disks.get(number)).flatMap(Disk::store);
    }

    /// The numbers of the disks that are open.
    public List<Integer> open() {
        return disks.keySet().stream().filter(number -> store(number).isPresent()).toList();
    }

    /// How each disk is.
    public List<DiskReport> reports() {
        List<DiskReport> reports = new ArrayList<>();
        disks.forEach((number, disk) -> reports.add(disk.store()
                .map(store -> report(number, disk, store.disks().getFirst()))
                .orElseGet(() -> new DiskReport(
                        number, disk.folder().toString(), DiskReport.ABSENT, disk.reason(), 0, 0, 0, 0))));
        return reports;
    }

    private static DiskReport report(int number, Disk disk, DiskStatus status) {
        return new DiskReport(
                number,
                disk.folder().toString(),
                status.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                status.reason(),
                status.fragments(),
                status.usedBytes(),
                status.freeBytes(),
                status.damages().size());
    }

    @Override
    public void close() {
        disks.values().forEach(disk -> disk.store().ifPresent(FragmentStore::close));
    }
}
