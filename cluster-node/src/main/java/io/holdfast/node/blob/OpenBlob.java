package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.hostio.blob.PlacedReader;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A blob as this node reads it: where its blocks lie, as far as that is known yet, and the way to them.
/// Concurrent; the places of one window are asked for once, under a lock, while others of the blob wait.
final class OpenBlob {
    static final int BLOCK_BYTES = 4_096;

    /// The places of 16 MiB are asked for together.
    static final int WINDOW_BLOCKS = 4_096;

    /// What was read in between may have been moved again; more often in a row it is something else.
    private static final int ATTEMPTS_MAX = 5;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final StoredBlob blob;
    private final PlaceFinder finder;
    private final Supplier<PlacedReader> readers;
    private final Waiting waiting;
    private final Map<Long, long[]> windows = new ConcurrentHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile PlacedReader reader;

    /// Opens nothing yet.
    ///
    /// @param readers make a reader of the family that knows nothing of old
    OpenBlob(StoredBlob blob, PlaceFinder finder, Supplier<PlacedReader> readers, Waiting waiting) {
        this.blob = blob;
        this.finder = finder;
        this.readers = readers;
        this.waiting = waiting;
        this.reader = readers.get();
    }

    /// Fills the buffer, which moves on.
    void read(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int within = (int) (at % BLOCK_BYTES);
            int part = Math.min(target.remaining(), BlobStream.PIECE_BYTES - within);
            int blocks = (within + part + BLOCK_BYTES - 1) / BLOCK_BYTES;
            long first = at / BLOCK_BYTES;
            if ((within | part) % BLOCK_BYTES == 0) {
                readBlocks(first, blocks, target);
                target.position(target.position() + part);
            } else {
                ByteBuffer whole = ByteBuffer.allocate(blocks * BLOCK_BYTES);
                readBlocks(first, blocks, whole);
                target.put(whole.slice(within, part));
            }
            at += part;
        }
    }

    /// Fills the buffer from its position on, which stays, with blocks of the blob.
    private void readBlocks(long first, int blocks, ByteBuffer target) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                reader.read(blob.offset() / BLOCK_BYTES + first, places(first, blocks), target);
                return;
            } catch (ChunkStoreException | ChunkDirectoryException failure) {
                if (attempt == ATTEMPTS_MAX) {
                    throw asIoException(failure, first);
                }
            }
            waiting.pause(PAUSE.multipliedBy(attempt));
            forget(first, blocks);
        }
    }

    private IOException asIoException(RuntimeException failure, long first) {
        return failure instanceof CorruptDataException
                ? new BlobDamagedException("blob=" + blob + " reason=" + failure.getMessage())
                : new BlobUnavailableException("blob=" + blob + " firstBlock=" + first, failure);
    }

    private long[] places(long first, int blocks) throws IOException {
        long[] places = new long[blocks];
        int done = 0;
        while (done < blocks) {
            long at = first + done;
            int within = (int) (at % WINDOW_BLOCKS);
            long[] window = window(at / WINDOW_BLOCKS);
            int count = Math.min(blocks - done, window.length - within);
            System.arraycopy(window, within, places, done, count);
            done += count;
        }
        return places;
    }

    private long[] window(long number) throws IOException {
        long[] known = windows.get(number);
        if (known != null) {
            return known;
        }
        asking.lock();
        try {
            long[] meanwhile = windows.get(number);
            if (meanwhile != null) {
                return meanwhile;
            }
            long first = number * WINDOW_BLOCKS;
            long blocks = (blob.lengthBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES - first;
            long[] found = finder.find(
                    blob.family(), blob.offset() / BLOCK_BYTES + first,
                    (int) Math.min(WINDOW_BLOCKS, blocks));
            windows.put(number, found);
            return found;
        } finally {
            asking.unlock();
        }
    }

    /// Blocks were moved, or their fragments were.
    private void forget(long first, int blocks) {
        for (long window = first / WINDOW_BLOCKS; window <= (first + blocks - 1) / WINDOW_BLOCKS; window++) {
            windows.remove(window);
        }
        reader = readers.get();
    }
}
