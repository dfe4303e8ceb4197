package io.holdfast.hostio.testing;

import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.FragmentStores;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.chunkstore.StoreOptions;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.FragmentHolders;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.LocalFragmentHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Hosts with a simulated disk each, reached over links that may fail; none of them is local. Concurrent.
public final class SimulatedHosts implements FragmentHolders, AutoCloseable {
    private final List<SimulatedDisk> disks = new ArrayList<>();
    private final List<FragmentStore> stores = new ArrayList<>();
    private final List<FaultyHolder> holders = new ArrayList<>();
    private final AtomicInteger readsToRefuse = new AtomicInteger();
    private final MemoryChunkDirectory directory;

    private SimulatedHosts(
            List<SimulatedDisk> disks, MemoryChunkDirectory directory, StoreGeometry geometry) {
        this.directory = directory;
        for (SimulatedDisk disk : disks) {
            StoreOptions options =
                    new StoreOptions(geometry, 16, 8 << 20, new SplittableRandom(disks.size()));
            FragmentStore store = FragmentStores.open(List.of(disk), options);
            this.disks.add(disk);
            stores.add(store);
            holders.add(new FaultyHolder(new LocalFragmentHolder(store), readsToRefuse));
        }
    }

    /// New hosts, numbered from 1.
    public static SimulatedHosts start(int count, long diskBytes, StoreGeometry geometry) {
        List<SimulatedDisk> disks = IntStream.rangeClosed(1, count)
                .mapToObj(host -> new SimulatedDisk("host-" + host, diskBytes))
                .toList();
        return on(disks, new MemoryChunkDirectory(ids(count)), geometry);
    }

    /// Hosts on what is on disks and in a directory already.
    public static SimulatedHosts on(
            List<SimulatedDisk> disks, MemoryChunkDirectory directory, StoreGeometry geometry) {
        return new SimulatedHosts(disks, directory, geometry);
    }

    private static List<HolderId> ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(host -> new HolderId(host, 0)).toList();
    }

    public MemoryChunkDirectory directory() {
        return directory;
    }

    public SimulatedDisk disk(int host) {
        return disks.get(host - 1);
    }

    public FragmentStore store(int host) {
        return stores.get(host - 1);
    }

    public FaultyHolder link(int host) {
        return holders.get(host - 1);
    }

    /// So many reads of strips are refused from now on, whichever host is asked.
    public void refuseReads(int count) {
        readsToRefuse.set(count);
    }

    /// How many are still to be refused.
    public int readsToRefuse() {
        return readsToRefuse.get();
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
