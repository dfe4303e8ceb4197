package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.TooFewHoldersException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a lane gets its chunks from and leaves them: one is opened ahead, so that going on in the next
/// costs no wait for the directory. Concurrent.
final class ChunkSupply {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkSupply.class);
    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

    /// When the log is to close, holders that just died get a second or two more.
    private static final int CLOSING_ATTEMPTS_MAX = 15;

    private final LogStream stream;
    private final LaneKey lane;
    private final boolean isPreparing;
    private final ChunkOpener opener;
    private final ChunkSealer sealer;
    private final AtomicReference<@Nullable OpenChunk> prepared = new AtomicReference<>();
    private final Phaser underWay = new Phaser(1);
    private volatile boolean isClosed;

    /// @param isPreparing whether a chunk is opened ahead
    ChunkSupply(LogStream stream, LaneKey lane, boolean isPreparing, ChunkSealer sealer) {
        this.stream = stream;
        this.lane = lane;
        this.isPreparing = isPreparing;
        this.sealer = sealer;
        this.opener = new ChunkOpener(stream, lane, sealer);
    }

    /// The chunk opened ahead, if there is one without the holders to avoid. Does not block.
    @Nullable OpenChunk takePrepared(Set<HolderId> avoid) {
        OpenChunk ready = prepared.get();
        boolean fits = ready != null
                && ready.record().profile().equals(lane.options().profile())
                && Collections.disjoint(ready.record().holders(), avoid);
        return fits && prepared.compareAndSet(ready, null) ? ready : null;
    }

    /// A chunk without the holders to avoid. Blocks until there is one.
    ///
    /// @throws ChunkStoreException if there will never be one
    OpenChunk take(Set<HolderId> avoid) {
        OpenChunk ready = takePrepared(avoid);
        for (int attempt = 0; ready == null; attempt++) {
            try {
                ready = opener.open(avoided(avoid, attempt));
                stream.listener().onOpened(ready.record(), lane.number());
            } catch (ChunkDirectoryException undecided) {
                if (attempt == 0) {
                    LOG.info("no chunk can be opened yet: stream={} avoid={} reason={}",
                            Long.toHexString(stream.id()), avoid, undecided.getMessage());
                }
                if (isClosed && attempt >= CLOSING_ATTEMPTS_MAX) {
                    throw new StoreUnavailableException("closed before a chunk could be opened", undecided);
                }
                LockSupport.parkNanos(attempt == 0 ? 0 : RETRY_NANOS);
            }
        }
        return ready;
    }

    /// A chunk of the profile asked for, or none if too few holders are up for it. Blocks.
    Optional<OpenChunk> takeFull() {
        OpenChunk ready = takePrepared(Set.of());
        if (ready != null) {
            return Optional.of(ready);
        }
        try {
            OpenChunk next = opener.openFull(stream.runtime().health().suspects());
            stream.listener().onOpened(next.record(), lane.number());
            return Optional.of(next);
        } catch (TooFewHoldersException few) {
            LOG.debug("no chunk of the full profile: stream={} reason={}",
                    Long.toHexString(stream.id()), few.getMessage());
            return Optional.empty();
        }
    }

    /// Gives up a chunk that nothing was appended to.
    void abandon(OpenChunk unused) {
        sealer.abandon(unused);
    }

    /// First without everybody who failed lately; if that cannot be, with whoever the directory offers.
    private Set<HolderId> avoided(Set<HolderId> failed, int attempt) {
        if (attempt % 2 != 0) {
            return Set.of();
        }
        Set<HolderId> avoided = new HashSet<>(stream.runtime().health().suspects());
        if (attempt == 0) {
            avoided.addAll(failed);
        }
        return avoided;
    }

    /// Begins to open a chunk ahead.
    void prepareNext(OpenChunk current) {
        if (isPreparing && !isClosed) {
            run(() -> prepare(current));
        }
    }

    private void prepare(OpenChunk current) {
        OpenChunk ready = prepared.get();
        boolean isOutdated = ready != null && !ready.record().profile().equals(lane.options().profile());
        if (ready != null && isOutdated && prepared.compareAndSet(ready, null)) {
            sealer.abandon(ready);
        }
        if (prepared.get() != null || isClosed) {
            return;
        }
        try {
            OpenChunk next = ahead(current);
            stream.listener().onOpened(next.record(), lane.number());
            if (isClosed || !prepared.compareAndSet(null, next)) {
                sealer.abandon(next);
            }
        } catch (ChunkDirectoryException | ChunkStoreException later) {
            LOG.debug("no chunk could be opened ahead: after={}", current.record().id(), later);
        }
    }

    private OpenChunk ahead(OpenChunk current) {
        try {
            return opener.openApart(current.record());
        } catch (TooFewHoldersException _) {
            return opener.open(stream.runtime().health().suspects());
        }
    }

    /// Seals a chunk on a thread of its own.
    void seal(OpenChunk retired) {
        run(() -> sealer.seal(retired));
    }

    void sealNow(OpenChunk retired) {
        if (retired.beginSealing()) {
            sealer.seal(retired);
        }
    }

    private void run(Runnable work) {
        underWay.register();
        stream.runtime().workers().execute(() -> {
            try {
                work.run();
            } finally {
                underWay.arriveAndDeregister();
            }
        });
    }

    /// No chunk is opened ahead any more, and none is waited for much longer.
    void stop() {
        isClosed = true;
    }

    /// Removes the chunk opened ahead and waits for what is under way.
    void close() {
        isClosed = true;
        OpenChunk unused = prepared.getAndSet(null);
        if (unused != null) {
            sealer.abandon(unused);
        }
        underWay.arriveAndAwaitAdvance();
    }
}
