package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.log.LogRuntime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does for an open family, every second or so, what is due: reports damage that readers met, stores the
/// maps when much of the log would have to be replayed, cleans when much of what is stored is of no use, and
/// moves what is of a former profile to the present one.
/// Concurrent; one step at a time.
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
    /// Rows whose headers are read in about a second when the family is opened.
    private static final long ROWS_BEHIND_MAX = 20_000;
    /// Where cleaning costs about two writes per write; see [io.holdfast.hostio.cleaner.CleanerPolicy].
    private static final double USEFUL_SHARE_DUE = 0.8;
    /// Twice of what is useful is stored: half of the time goes into cleaning.
    private static final double USEFUL_SHARE_URGENT = 0.5;
    /// Where space matters more than the latency of writes: the cleaner does not rest.
    private static final double USEFUL_SHARE_LAST = 0.3;
    /// Cleaning takes a fifth of the time: measured on one disk, moving without rests slows single durable
    /// writes about tenfold, for their syncs take the moved bytes along.
    private static final int REST_FACTOR = 4;
    /// After too few hosts were up for the profile asked for.
    private static final long RECODE_RETRY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int DAMAGES_MAX = 1_000;

    private final VolumeStore store;
    private final LogRuntime runtime;
    private final Set<FragmentId> damaged = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;
    private volatile boolean isRecodingHeldUp;
    private long recodeNanos;

    Upkeep(VolumeStore store, LogRuntime runtime) {
        this.store = store;
        this.runtime = runtime;
    }

    void start() {
        runtime.after(PERIOD_NANOS, this::later);
    }

    void close() {
        isClosed = true;
    }

    private void later() {
        if (!isClosed) {
            runtime.workers().execute(() -> {
                step();
                start();
            });
        }
    }

    /// A reader met a strip that is not what was written.
    void met(FragmentId fragment) {
        if (damaged.size() < DAMAGES_MAX) {
            damaged.add(fragment);
        }
    }

    private static int restFactor(double share) {
        if (share < USEFUL_SHARE_LAST) {
            return 0;
        }
        return share < USEFUL_SHARE_URGENT ? 1 : REST_FACTOR;
    }

    /// Space comes first: what is of no use needs not be moved.
    private void recode() {
        boolean isDue = !isRecodingHeldUp || runtime.nanoTime() - recodeNanos >= RECODE_RETRY_NANOS;
        if (!isClosed && isDue && store.formerProfileBytes() > 0) {
            recodeNanos = runtime.nanoTime();
            isRecodingHeldUp = true; // Unless it goes well.
            store.recode(REST_FACTOR);
            isRecodingHeldUp = store.isShortOfHolders();
        }
    }

    /// Whether what is of a former profile is being moved, as far as there is any.
    boolean isRecoding() {
        return !isRecodingHeldUp;
    }

    void step() {
        try {
            for (FragmentId fragment : Set.copyOf(damaged)) {
                runtime.directory().reportLost(fragment.chunk(), 1 << fragment.index().value());
                damaged.remove(fragment);
            }
            if (!isClosed && store.rowsBehind() > ROWS_BEHIND_MAX) {
                store.checkpoint();
            }
            double share = store.usefulShare();
            boolean isCleaned =
                    !isClosed && share < USEFUL_SHARE_DUE && store.clean(restFactor(share)) > 0;
            if (!isCleaned) {
                recode();
            }
        } catch (BlockDeviceException | ChunkStoreException | ChunkDirectoryException later) {
            LOG.info("upkeep goes on later: stream={} reason={}",
                    Long.toHexString(store.stream()), later.getMessage());
        }
    }
}
