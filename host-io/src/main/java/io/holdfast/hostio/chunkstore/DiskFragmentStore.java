package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskReadOnlyException;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The fragments on one disk. Changes wait in an inbox until [#commit()], which whoever owns the store calls
/// on one thread; everything else may be called from any.
final class DiskFragmentStore implements FragmentStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFragmentStore.class);
    /// Deleted fragments whose extents one commit marks as free.
    private static final int FREED_PER_COMMIT_MAX = 64;

    private final Disk disk;
    private final FencingTokens tokens;
    private final RandomGenerator nonces;
    private final StoreRecovery.Report report;
    private final Segments segments;
    private final ConcurrentSkipListMap<FragmentId, Fragment> fragments = new ConcurrentSkipListMap<>();
    private final IndexCache indexes;
    private final FragmentReader reader;
    private final Inbox inbox = new Inbox();
    private final ArrayDeque<Fragment> freeing = new ArrayDeque<>();
    private final Postponed postponed = new Postponed();
    private @Nullable ByteBuffer staging;
    private final Map<Long, Long> recordedTokens;
    private final @Nullable TokenFile tokenFile;
    private volatile DiskStatus.State state = DiskStatus.State.SERVING;
    private volatile String reason = "";

    private DiskFragmentStore(
            Disk disk, StoreOptions options, FencingTokens tokens, StoreRecovery.Report report) {
        this.disk = disk;
        this.tokens = tokens;
        this.report = report;
        nonces = options.random();
        indexes = new IndexCache(options.indexBytesMax());
        segments = report.segments();
        reader = new FragmentReader(segments, indexes);
        for (Fragment fragment : report.fragments()) {
            fragments.put(fragment.id(), fragment);
            indexGrew(fragment);
        }
        tokens.learn(report.tokens());
        recordedTokens = new HashMap<>(report.tokens());
        tokenFile = report.tokenFile().orElse(null);
        if (tokenFile == null) {
            become(DiskStatus.State.READ_ONLY, "the disk takes no writes");
        }
    }

    /// Opens the store on a disk, making it if the disk is empty.
    ///
    /// @param tokens shared by the stores of all disks of the machine
    static DiskFragmentStore open(Disk disk, StoreOptions options, FencingTokens tokens) {
        return new DiskFragmentStore(disk, options, tokens, new StoreRecovery(disk, options).run());
    }

    /// Makes waiting changes durable and answers them; one sync for all. Those that need space that is not
    /// there yet go on waiting, with others of the same fragment behind them, and hold up nobody else.
    /// Returns whether there was anything to do.
    boolean commit() {
        GroupCommit commit = new GroupCommit(this);
        try {
            postponed.retry(operation -> isSettled(operation, commit));
            for (StoreOperation operation : inbox.drain()) {
                plan(operation, commit);
            }
            boolean frees = state == DiskStatus.State.SERVING;
            for (int i = 0; i < FREED_PER_COMMIT_MAX && frees && !freeing.isEmpty(); i++) {
                commit.free(freeing.remove());
            }
            if (commit.isEmpty()) {
                return false;
            }
            commit.write(staging());
        } catch (DiskException failure) {
            failed(failure);
            commit.fail(failure);
            return true;
        }
        commit.publish();
        return true;
    }

    private void plan(StoreOperation operation, GroupCommit commit) {
        boolean waits = postponed.holdsUp(operation) || !isSettled(operation, commit);
        if (waits && operation instanceof StoreOperation.OfFragment change && !postponed.add(change)) {
            complete(change, new StoreUnavailableException(
                    "too much waits for space to be prepared: disk=" + disk.name()));
        }
    }

    private boolean isSettled(StoreOperation operation, GroupCommit commit) {
        if (state == DiskStatus.State.SERVING) {
            return commit.plan(operation);
        }
        complete(operation, unavailable());
        return true;
    }

    /// Whether changes wait until [Segments#prepare()] has made space.
    boolean isWaitingForSpace() {
        return !postponed.isEmpty();
    }

    /// Lets [#awaitWork()] return, so that what waited for space is tried again.
    void spacePrepared() {
        inbox.wake();
    }

    /// Room for the largest batch; no batch is larger than an extent.
    private ByteBuffer staging() {
        if (staging == null) {
            int bytes = Math.min(BatchHeader.BYTES_MAX, segments.geometry().extentBytes());
            staging = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        return staging;
    }

    /// Waits until there is something to commit; returns false once the store is closed and all is done.
    boolean awaitWork() {
        return (state == DiskStatus.State.SERVING && !freeing.isEmpty()) || inbox.await();
    }

    /// After a failed write or sync nobody knows what is on the disk; only opening it again tells.
    void failed(DiskException failure) {
        boolean readOnly = failure instanceof DiskReadOnlyException;
        become(
                readOnly ? DiskStatus.State.READ_ONLY : DiskStatus.State.FAILED,
                String.valueOf(failure.getMessage()));
    }

    private void become(DiskStatus.State next, String why) {
        LOG.warn("disk state changes: disk={} from={} to={} reason={}", disk.name(), state, next, why);
        reason = why;
        state = next;
    }

    private StoreUnavailableException unavailable() {
        return new StoreUnavailableException(
                "the disk takes no changes: disk=" + disk.name() + " state=" + state + " reason=" + reason);
    }

    String name() {
        return disk.name();
    }

    Segments segments() {
        return segments;
    }

    FencingTokens tokens() {
        return tokens;
    }

    long newNonce() {
        return nonces.nextLong();
    }

    @Nullable Fragment fragment(FragmentId id) {
        return fragments.get(id);
    }

    FragmentReader reader() {
        return reader;
    }

    void add(FragmentId id, Fragment fragment) {
        fragments.put(id, fragment);
        indexGrew(fragment);
    }

    void remove(Fragment fragment) {
        fragments.remove(fragment.id());
        fragment.become(FragmentState.DELETED);
        indexes.forget(fragment);
        freeing.add(fragment);
    }

    void indexGrew(Fragment fragment) {
        RowIndex index = fragment.index();
        if (index != null) {
            indexes.used(fragment, index.bytes());
        }
    }

    /// Writes tokens that are newer than those on this disk; returns whether there were any.
    boolean recordTokens(Map<Long, Long> used) {
        boolean changed = false;
        for (Map.Entry<Long, Long> entry : used.entrySet()) {
            long recorded = recordedTokens.getOrDefault(entry.getKey(), 0L);
            if (entry.getValue() > recorded && tokenFile != null) {
                tokenFile.append(entry.getKey(), entry.getValue());
                recordedTokens.put(entry.getKey(), entry.getValue());
                changed = true;
            }
        }
        return changed;
    }

    void syncTokens() {
        if (tokenFile != null) {
            tokenFile.sync();
        }
    }

    void complete(StoreOperation operation, @Nullable Throwable failure) {
        if (failure == null) {
            operation.done().complete(null);
        } else {
            operation.done().completeExceptionally(failure);
        }
    }

    private CompletableFuture<Void> submit(Function<CompletableFuture<Void>, StoreOperation> operation) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (state != DiskStatus.State.SERVING) {
            done.completeExceptionally(unavailable());
        } else if (!inbox.offer(operation.apply(done))) {
            done.completeExceptionally(new StoreUnavailableException(
                    "closed, or too much is waiting: disk=" + disk.name()));
        }
        return done;
    }

    @Override
    public CompletableFuture<Void> installToken(long stream, long token) {
        return submit(done -> new StoreOperation.InstallToken(stream, token, done));
    }

    @Override
    public long newestToken(long stream) {
        return tokens.newest(stream);
    }

    @Override
    public CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token) {
        if (id.index().value() >= profile.strips()) {
            throw new IllegalArgumentException("fragment=" + id + " profile=" + profile);
        }
        return submit(done -> new StoreOperation.Create(id, profile, token, done));
    }

    @Override
    public CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips) {
        for (Strip strip : strips) {
            requireFits(id, token, strip);
        }
        return submit(done -> new StoreOperation.Append(id, token, List.copyOf(strips), done));
    }

    /// Strips come from afar; here is the last place where a wrong one is refused and not stored.
    private void requireFits(FragmentId id, long token, Strip strip) {
        StripHeader header = strip.header();
        if (!header.fragment().equals(id)
                || header.token() > token
                || header.payloadBytes() > segments.geometry().payloadBytesMax()) {
            throw new IllegalArgumentException("the strip does not fit: fragment=" + id + " token=" + token
                    + " strip=" + header);
        }
        int checksum = Checksum.of(strip.payload());
        if (checksum != header.payloadChecksum()) {
            throw new IllegalArgumentException("the payload is not what its header says: strip=" + header
                    + " actual=" + Checksum.text(checksum));
        }
    }

    @Override
    public CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit) {
        return submit(done -> new StoreOperation.Seal(id, token, rowLimit, done));
    }

    @Override
    public CompletableFuture<Void> delete(FragmentId id, long token) {
        return submit(done -> new StoreOperation.Delete(id, token, done));
    }

    @Override
    public StripHeader read(FragmentId id, int row, ByteBuffer payload) {
        return reading(id, fragment -> reader.read(fragment, row, payload));
    }

    @Override
    public StripHeader readBlocks(
            FragmentId id, int row, int firstBlock, int blockCount, ByteBuffer target) {
        return reading(id, fragment -> reader.readBlocks(fragment, row, firstBlock, blockCount, target));
    }

    @Override
    public Optional<StripHeader> header(FragmentId id, int row) {
        return reading(id, fragment -> reader.header(fragment, row));
    }

    @Override
    public int[] rows(FragmentId id, int fromRow, int countMax) {
        return reading(id, fragment -> reader.rows(fragment, fromRow, countMax));
    }

    /// A fragment that is deleted meanwhile may look corrupt, since its extents are given to others.
    private <T> T reading(FragmentId id, Function<Fragment, T> read) {
        Fragment fragment = fragments.get(id);
        if (fragment == null) {
            throw new FragmentNotFoundException("no such fragment: fragment=" + id);
        }
        try {
            return read.apply(fragment);
        } catch (CorruptDataException | DiskException failure) {
            if (fragments.get(id) != fragment) {
                throw new FragmentNotFoundException("deleted while it was read: fragment=" + id);
            }
            throw failure;
        }
    }

    @Override
    public Optional<FragmentStatus> status(FragmentId id) {
        return Optional.ofNullable(fragments.get(id)).map(Fragment::status);
    }

    @Override
    public List<FragmentId> fragments() {
        return List.copyOf(fragments.keySet());
    }

    @Override
    public List<DiskStatus> disks() {
        long extentBytes = segments.geometry().extentBytes();
        int free = segments.freeExtents();
        long room = 0;
        try {
            room = disk.capacity().usableBytes() / segments.geometry().segmentBytes();
        } catch (DiskException unknown) {
            LOG.debug("the disk's room is unknown: disk={}", disk.name(), unknown);
        }
        boolean full = state == DiskStatus.State.SERVING && free == 0 && room == 0;
        return List.of(new DiskStatus(
                disk.name(),
                full ? DiskStatus.State.FULL : state,
                full ? "no free extent and no room for a segment" : reason,
                fragments.size(),
                (segments.extents() - free) * extentBytes,
                (free + room * segments.geometry().extentsPerSegment()) * extentBytes,
                report.damages(),
                report.torn()));
    }

    /// Takes no more changes; [#awaitWork] returns false once what waits is done.
    void stop() {
        inbox.close();
    }

    /// Closes the files; what still waits is committed first.
    @Override
    public void close() {
        stop();
        while (commit()) {
            LOG.debug("last changes committed: disk={}", disk.name());
        }
        postponed.takeAll().forEach(operation -> complete(operation, new StoreUnavailableException(
                "closed before there was space: disk=" + disk.name())));
        if (tokenFile != null) {
            tokenFile.close();
        }
        segments.close();
        reason = "closed";
        state = DiskStatus.State.CLOSED;
    }
}
