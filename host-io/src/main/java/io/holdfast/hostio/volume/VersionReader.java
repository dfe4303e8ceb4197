package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads blocks of a version. Concurrent.
final class VersionReader {
    /// The cleaner may move a block between its place being looked up and read; more often than this in a
    /// row it cannot be that.
    private static final int ATTEMPTS_MAX = 4;
    /// Longer than a dead server's volumes wait for another one.
    private static final long WAIT_NANOS_MAX = Duration.ofSeconds(30).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(VersionReader.class);

    private final StripedLog log;

    VersionReader(StripedLog log) {
        this.log = log;
    }

    /// Fills the target, from its position on, with blocks; the position stays. Waits for holders and the
    /// directory where too few answer, half a minute at most.
    ///
    /// @param done blocks that are filled already
    void read(MapVersion version, long firstBlock, int blocks, ByteBuffer target, @Nullable BitSet done) {
        long sinceNanos = log.runtime().nanoTime();
        int moved = 0;
        while (true) {
            List<BlockRun> runs = runs(version, firstBlock, blocks, target, done);
            if (runs.isEmpty()) {
                return;
            }
            try {
                log.read(runs, target);
                return;
            } catch (ChunkStoreException reason) {
                if (hasMoved(version, runs)) {
                    moved++;
                    if (moved == ATTEMPTS_MAX) {
                        throw Failures.of(reason);
                    }
                } else if (reason instanceof StoreUnavailableException) {
                    awaitHolders(reason, sinceNanos);
                } else {
                    throw Failures.of(reason);
                }
            } catch (ChunkDirectoryException undecided) {
                awaitHolders(undecided, sinceNanos);
            }
        }
    }

    /// Rests before the next attempt: a link may be made anew, a host or the directory back soon, and clients
    /// of a device take an error for damage.
    private void awaitHolders(RuntimeException reason, long sinceNanos) {
        boolean isTooLong = log.runtime().nanoTime() - sinceNanos > WAIT_NANOS_MAX;
        if (isTooLong || log.isClosing() || Thread.currentThread().isInterrupted()) {
            throw Failures.of(reason);
        }
        LOG.debug("blocks cannot be read yet: stream={} reason={}",
                Long.toHexString(log.id()), reason.getMessage());
        LockSupport.parkNanos(RETRY_NANOS);
    }

    private static boolean hasMoved(MapVersion version, List<BlockRun> runs) {
        for (BlockRun run : runs) {
            for (int i = 0; i < run.blocks(); i++) {
                if (version.get(run.key() + i) != run.place() + i) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<BlockRun> runs(
            MapVersion version, long firstBlock, int blocks, ByteBuffer target, @Nullable BitSet done) {
        List<BlockRun> runs = new ArrayList<>(Math.min(blocks, 16));
        BlockRun run = null;
        for (int i = 0; i < blocks; i++) {
            if (done != null && done.get(i)) {
                continue;
            }
            long place = version.get(firstBlock + i);
            int offset = i * Volume.BLOCK_BYTES;
            if (place == BlockPlace.NONE) {
                Zeroes.fill(target, target.position() + offset, Volume.BLOCK_BYTES);
            } else if (run != null && run.isContinuedBy(place, firstBlock + i, offset)) {
                run = run.longer();
            } else {
                if (run != null) {
                    runs.add(run);
                }
                run = new BlockRun(place, 1, firstBlock + i, BlockKey.BLOCK_MASK, offset);
            }
        }
        if (run != null) {
            runs.add(run);
        }
        return runs;
    }
}
