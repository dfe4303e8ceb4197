package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The fragments on several disks as one store. Concurrent. A fragment lies on one disk; a new one goes to
/// the disk with most room. Tokens are kept on all disks, so none is lost with a disk. A disk that fails
/// takes its fragments with it and nothing else.
public final class FragmentStores implements FragmentStore {
    private final List<CommittedDisk> disks;
    private final FencingTokens tokens;
    /// Where fragments are that are being created and not yet on a disk.
    private final ConcurrentHashMap<FragmentId, CommittedDisk> creating = new ConcurrentHashMap<>();

    private FragmentStores(List<CommittedDisk> disks, FencingTokens tokens) {
        this.disks = disks;
        this.tokens = tokens;
    }

    /// Opens the stores on the disks, making one on each disk that is empty, and starts their committers.
    ///
    /// @throws DiskException if a disk cannot be opened; leave it out then
    /// @throws CorruptDataException if a disk holds no store that can be read
    public static FragmentStores open(List<Disk> disks, StoreOptions options) {
        if (disks.isEmpty()) {
            throw new IllegalArgumentException("a store needs a disk");
        }
        FencingTokens tokens = new FencingTokens();
        List<DiskFragmentStore> stores = new ArrayList<>();
        try {
            for (Disk disk : disks) {
                stores.add(DiskFragmentStore.open(disk, options, tokens));
            }
        } catch (DiskException | ChunkStoreException failure) {
            stores.forEach(DiskFragmentStore::close);
            throw failure;
        }
        return new FragmentStores(stores.stream().map(CommittedDisk::start).toList(), tokens);
    }

    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        try {
            tokens.admit(stream, token);
        } catch (FencedException older) {
            return CompletableFuture.failedFuture(older);
        }
        // A disk that takes no changes acknowledges nothing to an old writer either, so it may be left out;
        // but one disk at least must keep the token.
        List<CommittedDisk> writable = disks.stream().filter(CommittedDisk::takesChanges).toList();
        if (writable.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new StoreUnavailableException("no disk takes changes: disks=" + disks.size()));
        }
        return CompletableFuture.allOf(writable.stream()
                .map(disk -> disk.store().installToken(stream, token))
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public long newestToken(long stream) {
        return tokens.newest(stream);
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        CommittedDisk disk = creating.computeIfAbsent(id, _ -> find(id).orElseGet(this::roomiest));
        return disk.store().create(id, profile, token).whenComplete((_, _) -> creating.remove(id, disk));
    }

    private CommittedDisk roomiest() {
        return disks.stream()
                .filter(CommittedDisk::takesChanges)
                .max(Comparator.comparingLong(disk -> disk.status().freeBytes()))
                .orElseGet(disks::getFirst);
    }

    private Optional<CommittedDisk> find(FragmentId id) {
        return disks.stream().filter(disk -> disk.store().fragment(id) != null).findFirst();
    }

    private FragmentStore storeOf(FragmentId id) {
        try {
            // In this order: what is no longer being created by then is found.
            return Optional.ofNullable(creating.get(id)).or(() -> find(id)).orElseThrow().store();
        } catch (NoSuchElementException _) {
            throw new FragmentNotFoundException("no such fragment: fragment=" + id);
        }
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        return on(id, store -> store.append(id, token, strips));
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return on(id, store -> store.seal(id, token, rowLimit));
    }

    /// Fails where the fragment is not known because its disk is lost: it may come back with the disk.
    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return find(id)
                .map(disk -> disk.store().delete(id, token))
                .orElseGet(() -> disks.getFirst().store().delete(id, token));
    }

    private CompletableFuture<Void> on(
            FragmentId id, Function<FragmentStore, CompletableFuture<Void>> change) {
        try {
            return change.apply(storeOf(id));
        } catch (FragmentNotFoundException missing) {
            return CompletableFuture.failedFuture(missing);
        }
    }

    @Override
    public StripHeader read(FragmentId id, int row, ByteBuffer payload) {
        return storeOf(id).read(id, row, payload);
    }

    @Override
    public StripHeader readBlocks(
            FragmentId id, int row, int firstBlock, int blockCount, ByteBuffer target) {
        return storeOf(id).readBlocks(id, row, firstBlock, blockCount, target);
    }

    @Override
    public Optional<StripHeader> header(FragmentId id, int row) {
        return storeOf(id).header(id, row);
    }

    @Override
    public int[] rows(FragmentId id, int fromRow, int countMax) {
        return storeOf(id).rows(id, fromRow, countMax);
    }

    @Override
    public Optional<FragmentStatus> status(FragmentId id) {
        return find(id).flatMap(disk -> disk.store().status(id));
    }

    @Override
    public List<FragmentId> fragments() {
        return disks.stream()
                .flatMap(disk -> disk.store().fragments().stream())
                .sorted()
                .distinct()
                .toList();
    }

    @Override
    public List<DiskStatus> disks() {
        return disks.stream().flatMap(disk -> Stream.of(disk.status())).toList();
    }

    @Override
    public void close() {
        disks.forEach(CommittedDisk::close);
    }
}
