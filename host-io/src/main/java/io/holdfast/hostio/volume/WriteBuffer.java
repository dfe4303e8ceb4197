package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.LongTable;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.LogRuntime;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was written and is not yet in the map: visible from here, on its way to the log. Concurrent: one
/// lock, in which blocks are copied and nothing is waited for but room.
///
/// Batches leave in the order in which they were filled. One leaves when it is full, when somebody waits for
/// it, or after a moment; while too many are on their way it goes on being filled, which is the group
/// commit.
final class WriteBuffer {
    /// Batches that are filled, waiting, or on their way: bounds memory and what an unflushed crash loses.
    private static final int BATCHES_MAX = 24;
    /// How long blocks lie here that nobody waits for. Long enough to fill rows under load.
    private static final long LINGER_NANOS = 5_000_000;
    private static final int RING = 64;
    private static final int SLOT_SHIFT = 8;

    private final LogRuntime runtime;
    private final LogLane lane;
    private final int batchBlocks;
    private final int inFlightMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final LongTable slots = new LongTable(1024);
    private final @Nullable LogBatch[] ring = new @Nullable LogBatch[RING];
    private final ArrayDeque<LogBatch> closed = new ArrayDeque<>();
    private LogBatch open;
    private long openSerial;
    private long oldestSerial;
    private boolean isOpenWanted;
    private boolean isLingering;
    private boolean isSubmitting;
    private int inFlight;
    private CompletableFuture<Void> lastDone = CompletableFuture.completedFuture(null);
    private volatile int pendingBlocks;
    private volatile @Nullable Throwable failure;

    WriteBuffer(LogRuntime runtime, LogLane lane, int batchBlocks, int inFlightMax) {
        this.runtime = runtime;
        this.lane = lane;
        this.batchBlocks = batchBlocks;
        this.inFlightMax = inFlightMax;
        this.open = runtime.batch();
        this.ring[0] = open;
    }

    /// Whether anything at all is waiting here; a look that costs nothing.
    boolean isEmpty() {
        return pendingBlocks == 0;
    }

    /// Takes whole blocks; returns what completes when they are durable.
    ///
    /// @param isAwaited whether somebody is going to wait for that
    CompletableFuture<Void> put(long firstKey, int blocks, ByteBuffer source, boolean isAwaited) {
        lock.lock();
        try {
            for (int i = 0; i < blocks; i++) {
                putBlock(firstKey + i, source);
            }
            return wanted(isAwaited);
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Void> wanted(boolean isAwaited) {
        isOpenWanted |= isAwaited && !open.isEmpty();
        return open.isEmpty() ? lastDone : open.done();
    }

    private void putBlock(long key, ByteBuffer source) {
        awaitRoom();
        long slot = slots.get(key);
        if (slot != LongTable.ABSENT && slot >>> SLOT_SHIFT == openSerial) {
            open.set((int) slot & LogBatch.BLOCKS_MAX - 1, source);
            return;
        }
        int at = open.add(key, source);
        slots.put(key, openSerial << SLOT_SHIFT | at);
        pendingBlocks = slots.count();
        if (open.count() == batchBlocks) {
            closeOpen();
        }
    }

    private void awaitRoom() {
        while (openSerial - oldestSerial >= BATCHES_MAX && failure == null) {
            submitLater();
            room.awaitUninterruptibly();
        }
        Throwable broken = failure;
        if (broken != null) {
            throw Failures.of(broken);
        }
    }

    private void closeOpen() {
        closed.add(open);
        lastDone = open.done();
        open = runtime.batch();
        openSerial++;
        ring[(int) openSerial % RING] = open;
        isOpenWanted = false;
    }

    /// Merges a part of a block into what is here, if the block is here.
    ///
    /// @return nothing if it is not
    Optional<CompletableFuture<Void>> merge(long key, int offset, ByteBuffer part, boolean isAwaited) {
        lock.lock();
        try {
            long slot = slots.get(key);
            if (slot == LongTable.ABSENT) {
                return Optional.empty();
            }
            ByteBuffer whole = ByteBuffer.allocate(Volume.BLOCK_BYTES).put(block(slot));
            whole.put(offset, part, part.position(), part.remaining());
            putBlock(key, whole.flip());
            part.position(part.limit());
            return Optional.of(wanted(isAwaited));
        } finally {
            lock.unlock();
        }
    }

    /// Takes a block if it is not here and the check, made under the lock, holds.
    Optional<CompletableFuture<Void>> putIf(
            UnchangedBlock check, long key, ByteBuffer whole, boolean isAwaited) {
        lock.lock();
        try {
            if (slots.get(key) != LongTable.ABSENT || !check.isUnchanged()) {
                return Optional.empty();
            }
            putBlock(key, whole);
            return Optional.of(wanted(isAwaited));
        } finally {
            lock.unlock();
        }
    }

    /// Tells whether a block still is what it was when it was read.
    @FunctionalInterface
    interface UnchangedBlock {
        boolean isUnchanged();
    }

    private ByteBuffer block(long slot) {
        LogBatch batch = ring[(int) (slot >>> SLOT_SHIFT) % RING];
        if (batch == null) {
            throw new IllegalStateException("a block without its batch: slot=" + slot);
        }
        return batch.block((int) slot & LogBatch.BLOCKS_MAX - 1);
    }

    /// Copies the blocks that are here, and marks them.
    void copy(long firstKey, int blocks, ByteBuffer target, BitSet copied) {
        lock.lock();
        try {
            for (int i = 0; i < blocks; i++) {
                long slot = slots.get(firstKey + i);
                if (slot != LongTable.ABSENT) {
                    int offset = target.position() + i * Volume.BLOCK_BYTES;
                    target.put(offset, block(slot), 0, Volume.BLOCK_BYTES);
                    copied.set(i);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether the block is here.
    boolean has(long key) {
        if (isEmpty()) {
            return false;
        }
        lock.lock();
        try {
            return slots.get(key) != LongTable.ABSENT;
        } finally {
            lock.unlock();
        }
    }

    /// Sends a note behind everything taken before; returns what completes when it is durable and applied.
    CompletableFuture<Void> note(FamilyNote note) {
        lock.lock();
        try {
            awaitRoom();
            if (!open.isEmpty()) {
                closeOpen();
            }
            open.addNote(note.encode());
            CompletableFuture<Void> done = open.done();
            closeOpen();
            return done;
        } finally {
            lock.unlock();
        }
    }

    /// Everything taken so far.
    CompletableFuture<Void> all() {
        lock.lock();
        try {
            return wanted(true);
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is ready, on the caller's thread if nobody else is at it.
    void submit() {
        LogBatch next = nextReady();
        while (next != null) {
            LogBatch sent = next;
            CompletableFuture<?> _ = sent.done().whenComplete((_, failed) -> left(sent, failed));
            try {
                lane.append(sent);
            } finally {
                handedOver();
            }
            next = nextReady();
        }
    }

    /// Sends what is ready, on another thread; begins to linger if that is nothing.
    void submitLater() {
        runtime.workers().execute(this::submit);
    }

    /// For writes that nobody waits for: sends full batches now and the rest after a moment.
    void nudge() {
        boolean isReady;
        lock.lock();
        try {
            isReady = !closed.isEmpty() && !isSubmitting && inFlight < inFlightMax;
            if (!isReady && !isLingering && !open.isEmpty()) {
                isLingering = true;
                runtime.after(LINGER_NANOS, this::lingered);
            }
        } finally {
            lock.unlock();
        }
        if (isReady) {
            submitLater();
        }
    }

    private void lingered() {
        lock.lock();
        try {
            isLingering = false;
            isOpenWanted |= !open.isEmpty();
        } finally {
            lock.unlock();
        }
        submitLater();
    }

    private @Nullable LogBatch nextReady() {
        lock.lock();
        try {
            if (isSubmitting || inFlight >= inFlightMax) {
                return null;
            }
            if (closed.isEmpty() && isOpenWanted && !open.isEmpty()) {
                closeOpen();
            }
            LogBatch next = closed.poll();
            if (next != null) {
                isSubmitting = true;
                inFlight++;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// The submitter has handed its batch over.
    private void handedOver() {
        lock.lock();
        try {
            isSubmitting = false;
        } finally {
            lock.unlock();
        }
    }

    /// The map has the batch's blocks; called in the order of batches, under the lane's lock.
    void applied(LogBatch batch) {
        lock.lock();
        try {
            for (int i = 0; i < batch.count(); i++) {
                slots.remove(batch.key(i), oldestSerial << SLOT_SHIFT | i);
            }
            pendingBlocks = slots.count();
            ring[(int) oldestSerial % RING] = null;
            oldestSerial++;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void left(LogBatch batch, @Nullable Throwable failed) {
        boolean isMore;
        lock.lock();
        try {
            inFlight--;
            if (failed != null && failure == null) {
                failure = failed;
                room.signalAll();
            }
            isMore = !closed.isEmpty() || (isOpenWanted && !open.isEmpty());
        } finally {
            lock.unlock();
        }
        if (failed == null) {
            runtime.recycle(batch);
        }
        if (isMore) {
            submitLater();
        }
    }

    /// Why nothing is taken any more.
    @Nullable Throwable failure() {
        return failure;
    }
}
