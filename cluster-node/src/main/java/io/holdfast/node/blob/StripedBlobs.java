package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.hostio.blob.BlobId;
import io.holdfast.hostio.blob.PlacedReader;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.StreamReader;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.peerlink.NodeCalls;
import io.holdfast.node.volume.FamilyHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Blobs in volumes of their own over the striped log. Concurrent: what is put goes to this node's volume, a
/// few at a time; what is read comes from the hosts that hold it, a bounded number of pieces at a time.
public final class StripedBlobs implements ClusterBlobs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StripedBlobs.class);

    /// Each keeps a buffer of 1 MiB; the log has its own bounds.
    private static final int PUTS_MAX = 8;

    /// Pieces of 1 MiB that are fetched at once for all streams.
    private static final int PIECES_MAX = 32;

    /// Blobs whose places are remembered for random reads.
    private static final int REMEMBERED_MAX = 64;

    private final BlobFamilies families;
    private final PlaceFinder finder;
    private final LogRuntime runtime;
    private final Waiting waiting;
    private final BlobGarbage garbage;
    private final LongAdder putBytes = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final Semaphore puts = new Semaphore(PUTS_MAX, true);
    private final Semaphore pieces = new Semaphore(PIECES_MAX, true);
    private final ExecutorService fetchers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("blob-", 0).factory());
    private final Map<StoredBlob, OpenBlob> remembered = new LinkedHashMap<>(16, 0.75f, true);

    private StripedBlobs(
            BlobFamilies families, PlaceFinder finder, LogRuntime runtime, Waiting waiting,
            BlobGarbage garbage) {
        this.families = families;
        this.finder = finder;
        this.runtime = runtime;
        this.waiting = waiting;
        this.garbage = garbage;
    }

    /// What blobs stand on.
    ///
    /// @param self the node's name
    /// @param families what it serves
    /// @param runtime the way to all disks
    /// @param peers the way to other nodes
    /// @param clock as leases are judged by
    public record Ground(
            String self,
            LedgerAccess ledger,
            FamilyHost families,
            LogRuntime runtime,
            NodeCalls peers,
            InstantSource clock) {}

    /// Opens nothing but the way to blobs; a volume is opened when one is put.
    public static StripedBlobs open(Ground ground, BlobVolumes volumes) {
        return open(ground, volumes, Waiting.real(ground.clock()));
    }

    static StripedBlobs open(Ground ground, BlobVolumes volumes, Waiting waiting) {
        BlobFamilies families = new BlobFamilies(volumes, ground.ledger(), ground.families());
        PlaceFinder finder =
                new PlaceFinder(ground.self(), ground.families(), families, ground.peers(), waiting);
        return new StripedBlobs(families, finder, ground.runtime(), waiting, new BlobGarbage());
    }

    BlobFamilies families() {
        return families;
    }

    BlobGarbage garbage() {
        return garbage;
    }

    @Override
    public StoredBlob put(InputStream content, long lengthBytesMax) throws IOException {
        puts.acquireUninterruptibly();
        try {
            return apart(() -> families.inOwn((family, store) -> {
                BlobId id = store.put(content, lengthBytesMax);
                putBytes.add(id.lengthBytes());
                return new StoredBlob(family, id.offset(), id.lengthBytes(), id.digest());
            }));
        } finally {
            puts.release();
        }
    }

    @Override
    public void read(StoredBlob blob, long position, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(position, (long) target.remaining(), blob.lengthBytes());
        readBytes.add(target.remaining());
        StoredBlob _ = apart(() -> {
            remembered(blob).read(position, target);
            return blob;
        });
    }

    /// Does it on a thread of ours and waits for it: a caller may be interrupted, which would close the
    /// files of this node's disks for everyone.
    private <T> T apart(Blocking<T> work) throws IOException {
        CompletableFuture<T> done = CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (IOException failure) {
                throw new CompletionException(failure);
            }
        }, fetchers);
        try {
            return done.join();
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case IOException known -> throw known;
                case RuntimeException known -> throw known;
                case null, default -> throw failure;
            }
        }
    }

    /// What may block and fail.
    private interface Blocking<T> {
        T run() throws IOException;
    }

    private OpenBlob remembered(StoredBlob blob) {
        synchronized (remembered) {
            OpenBlob known = remembered.computeIfAbsent(blob, this::opened);
            if (remembered.size() > REMEMBERED_MAX) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            return known;
        }
    }

    private OpenBlob opened(StoredBlob blob) {
        return new OpenBlob(blob, finder, () -> new PlacedReader(new StreamReader(
                runtime, blob.family().value(), (fragment, row, reason) ->
                        LOG.warn("a strip of a blob is damaged: fragment={} row={} reason={}", fragment, row,
                                reason.getMessage()))), waiting);
    }

    @Override
    public InputStream open(StoredBlob blob) {
        return stream(blob, true);
    }

    @Override
    public InputStream openUnverified(StoredBlob blob) {
        return stream(blob, false);
    }

    private InputStream stream(StoredBlob blob, boolean isVerified) {
        OpenBlob opened = opened(blob);
        readBytes.add(blob.lengthBytes());
        Executor bounded = task -> fetchers.execute(() -> {
            pieces.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                pieces.release();
            }
        });
        return new BlobStream(blob, opened::read, bounded, isVerified);
    }

    @Override
    public BlobWhereabouts whereabouts(StoredBlob blob) throws IOException {
        return apart(() -> new BlobSurvey(finder, runtime.directory()).of(blob));
    }

    @Override
    public void discard(StoredBlob blob) {
        try {
            StoredBlob _ = apart(() -> families.in(blob.family(), (family, store) -> {
                BlobId id = new BlobId(blob.offset(), blob.lengthBytes(), blob.digest());
                store.delete(id);
                garbage.freed(family, id.range());
                return blob;
            }));
        } catch (IOException later) {
            LOG.info("a blob is deleted later: blob={} reason={}", blob, later.getMessage());
        }
    }

    /// The bytes of all blobs put here so far.
    public long putBytes() {
        return putBytes.sum();
    }

    /// The bytes that were asked for here so far.
    public long readBytes() {
        return readBytes.sum();
    }

    /// Answers another node that asks where blocks lie.
    public byte[] answer(byte[] argument) {
        return finder.answer(argument);
    }

    @Override
    public void close() {
        fetchers.shutdown();
    }
}
