package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.BlockRun;
import io.holdfast.hostio.log.StripedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads blocks of a version. Concurrent.
final class VersionReader {
    /// The cleaner may move a block between its place being looked up and read; more often than this in a
    /// row it cannot be that.
    private static final int ATTEMPTS_MAX = 4;

    private final StripedLog log;

    VersionReader(StripedLog log) {
        this.log = log;
    }

    /// Fills the target, from its position on, with blocks; the position stays.
    ///
    /// @param done blocks that are filled already
    void read(MapVersion version, long firstBlock, int blocks, ByteBuffer target, @Nullable BitSet done) {
        ChunkStoreException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            List<BlockRun> runs = runs(version, firstBlock, blocks, target, done);
            if (runs.isEmpty()) {
                return;
            }
            try {
                log.read(runs, target);
                return;
            } catch (ChunkStoreException reason) {
                failure = reason;
                if (!hasMoved(version, runs)) {
                    throw Failures.of(reason);
                }
            } catch (ChunkDirectoryException reason) {
                throw Failures.of(reason);
            }
        }
        throw Failures.of(failure == null ? new IllegalStateException("no attempt") : failure);
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
