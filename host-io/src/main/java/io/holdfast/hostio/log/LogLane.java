package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.row.RowEncoder;
import io.holdfast.hostio.row.RowShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One sequence of batches of a stream, going to one chunk at a time. Concurrent: one lock, in which nothing
/// is waited for but room. Batches become done in the order in which they were appended.
public final class LogLane {
    private static final Logger LOG = LoggerFactory.getLogger(LogLane.class);
    private static final long TICK_NANOS = 20_000_000;
    private static final long ANSWER_FACTOR = 16;
    private static final long WEIGHT = 8;

    private final LaneKey key;
    private final LogStream stream;
    private final ChunkSupply supply;
    private final BatchListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Flight> inFlight = new ArrayDeque<>();
    private final Set<HolderId> failed = new HashSet<>();
    private final AtomicLong switches = new AtomicLong();
    private @Nullable OpenChunk chunk;
    private @Nullable ChunkStoreException end;
    private boolean isSwitching;
    private boolean isTicking;
    private boolean isClosing;
    private long usualNanos;
    private volatile long longestNanos;

    /// Hears of batches in the order in which they become done, before whoever waits for them. Called under
    /// the lane's lock: must be quick and must not call the lane.
    @FunctionalInterface
    public interface BatchListener {
        void onDurable(LogBatch batch);
    }

    LogLane(LaneKey key, LogStream stream, ChunkSupply supply, BatchListener listener) {
        this.key = key;
        this.stream = stream;
        this.supply = supply;
        this.listener = listener;
    }

    /// Sends a batch; its future tells when it is durable. Waits while too much is on its way or no chunk
    /// can be opened.
    public void append(LogBatch batch) {
        Flight flight;
        batch.sentAt(stream.runtime().nanoTime());
        lock.lock();
        try {
            OpenChunk open = awaitRoom(batch);
            if (open == null) {
                return;
            }
            flight = admit(batch, open);
        } finally {
            lock.unlock();
        }
        send(flight);
    }

    /// How many batches are on their way.
    public int batchesInFlight() {
        lock.lock();
        try {
            return inFlight.size();
        } finally {
            lock.unlock();
        }
    }

    /// The longest that a batch took from being sent first to being durable, in milliseconds.
    public long longestMillis() {
        return longestNanos / 1_000_000;
    }

    /// How often it had to go on in another chunk because a holder failed.
    public long switchCount() {
        return switches.get();
    }

    /// Whether what is appended now goes to a chunk of another profile than is asked for: too few holders
    /// were up when it was opened, or another one is asked for since.
    public boolean isOfOtherProfile() {
        lock.lock();
        try {
            return chunk != null && !isOfProfile(chunk);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOfProfile(OpenChunk open) {
        return open.record().profile().equals(key.options().profile());
    }

    /// Goes on in a chunk of the profile asked for, opened now if the present one has another or there is
    /// none. Returns whether that is so; if too few holders are up for it, nothing changes. Blocks.
    ///
    /// @throws io.holdfast.hostio.holder.ChunkDirectoryException if it cannot be decided now
    public boolean useFullProfile() {
        lock.lock();
        try {
            if (chunk != null && isOfProfile(chunk)) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        Optional<OpenChunk> full = supply.takeFull();
        full.filter(next -> !isUsed(next)).ifPresent(supply::abandon);
        return full.isPresent();
    }

    /// Goes on in this chunk, unless another is being opened already.
    private boolean isUsed(OpenChunk next) {
        lock.lock();
        try {
            boolean isFree = !isSwitching && !isClosing && end == null;
            if (isFree) {
                use(next);
                changed.signalAll();
            }
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable OpenChunk awaitRoom(LogBatch batch) {
        while (end == null) {
            OpenChunk current = chunk;
            if (isSwitching || inFlight.size() >= key.options().batchesInFlightMax()) {
                changed.awaitUninterruptibly();
            } else if (current != null && fits(batch, current)) {
                return current;
            } else {
                roll();
            }
        }
        batch.done().completeExceptionally(end);
        return null;
    }

    private static boolean fits(LogBatch batch, OpenChunk open) {
        return open.fits(batch.shapes(open.dataStrips()), batch.notes().size());
    }

    private Flight admit(LogBatch batch, OpenChunk open) {
        List<RowShape> shapes = batch.shapes(open.dataStrips());
        long sequence = stream.takeSequences(shapes.size() + batch.notes().size());
        Flight flight = new Flight(batch, open, shapes, sequence, stream.runtime().nanoTime());
        inFlight.add(flight);
        if (!isTicking) {
            isTicking = true;
            stream.runtime().after(TICK_NANOS, this::tick);
        }
        return flight;
    }

    /// Goes on in a new chunk because this one is full, or there is none yet.
    private void roll() {
        OpenChunk next = supply.takePrepared(Set.of());
        if (next != null) {
            use(next);
        } else {
            beginSwitch();
        }
    }

    private void use(OpenChunk next) {
        OpenChunk before = chunk;
        chunk = next;
        if (before != null) {
            before.retire();
            sealIfTime(before);
        }
        supply.prepareNext(next);
    }

    private void beginSwitch() {
        if (!isSwitching && end == null) {
            isSwitching = true;
            stream.runtime().workers().execute(this::switchChunk);
        }
    }

    private void switchChunk() {
        List<Flight> again = new ArrayList<>();
        try {
            OpenChunk next = supply.take(Set.copyOf(avoided()));
            lock.lock();
            try {
                switchTo(next, again);
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException failure) {
            fail(Answers.reason(failure));
        }
        again.forEach(this::send);
    }

    private Set<HolderId> avoided() {
        lock.lock();
        try {
            return Set.copyOf(failed);
        } finally {
            lock.unlock();
        }
    }

    private void switchTo(OpenChunk next, List<Flight> again) {
        boolean isFailure = !failed.isEmpty();
        if (isFailure) {
            List<Flight> withdrawn = List.copyOf(inFlight);
            inFlight.clear();
            withdrawn.forEach(Flight::withdraw);
            withdrawn.forEach(flight -> sealIfTime(flight.chunk()));
            use(next);
            withdrawn.forEach(flight -> again.add(admit(flight.batch(), next)));
            failed.clear();
        } else {
            use(next);
        }
        isSwitching = false;
        changed.signalAll();
    }

    private void sealIfTime(OpenChunk retired) {
        if (retired.beginSealing()) {
            supply.seal(retired);
        }
    }

    /// What is not sent would be waited for without end, as would all behind it.
    private void send(Flight flight) {
        try {
            sendStrips(flight, encode(flight));
        } catch (RuntimeException | Error defect) {
            fail(new StoreUnavailableException("a batch cannot be sent: reason=" + defect, defect));
            throw defect;
        }
    }

    private void sendStrips(Flight flight, List<List<Strip>> strips) {
        OpenChunk to = flight.chunk();
        int mask = 0;
        for (int i = 0; i < strips.size(); i++) {
            mask |= strips.get(i).isEmpty() ? 0 : 1 << i;
        }
        lock.lock();
        try {
            flight.asked(mask);
            flight.sent();
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < strips.size(); i++) {
            if (!strips.get(i).isEmpty()) {
                int index = i;
                CompletableFuture<?> _ = to.holder(i)
                        .append(to.record().fragment(i), stream.token(), strips.get(i))
                        .whenComplete((_, failure) -> answered(flight, index, failure));
            }
        }
    }

    private List<List<Strip>> encode(Flight flight) {
        OpenChunk to = flight.chunk();
        LogBatch batch = flight.batch();
        RowEncoder encoder = new RowEncoder(
                ErasureCodecs.best(to.record().profile()), to.record().id(), stream.token(), batch.coded());
        List<List<Strip>> byFragment = new ArrayList<>();
        for (int i = 0; i < to.record().profile().strips(); i++) {
            byFragment.add(new ArrayList<>(flight.rows()));
        }
        int first = 0;
        for (int i = 0; i < flight.shapes().size(); i++) {
            RowShape shape = flight.shapes().get(i);
            add(batch.encode(first, shape, encoder, flight.address(i)), byFragment);
            first += shape.blocks();
        }
        for (int i = 0; i < batch.notes().size(); i++) {
            LogBatch.RowAddress row = flight.address(i);
            add(encoder.note(row.row(), row.sequence(), batch.notes().get(i)), byFragment);
        }
        return byFragment;
    }

    private static void add(List<Strip> strips, List<List<Strip>> byFragment) {
        for (Strip strip : strips) {
            byFragment.get(strip.header().fragment().index().value()).add(strip);
        }
    }

    private void answered(Flight flight, int index, @Nullable Throwable failure) {
        List<LogBatch> done = new ArrayList<>(1);
        ChunkStoreException fenced = null;
        lock.lock();
        try {
            if (flight.isWithdrawn()) {
                return;
            }
            if (failure == null) {
                flight.answered(index);
                stream.runtime().health().answered(flight.chunk().holderId(index));
                acknowledge(done);
            } else if (Answers.reason(failure) instanceof FencedException newer) {
                fenced = newer;
            } else {
                goOnWithout(flight, 1 << index, Answers.reason(failure));
            }
        } finally {
            lock.unlock();
        }
        if (fenced != null) {
            fail(fenced);
        }
        done.forEach(batch -> batch.done().complete(null));
    }

    private void acknowledge(List<LogBatch> done) {
        while (!inFlight.isEmpty() && inFlight.peek().isDurable()) {
            Flight head = inFlight.remove();
            long took = stream.runtime().nanoTime() - head.sentNanos();
            usualNanos += (took - usualNanos) / WEIGHT;
            long since = stream.runtime().nanoTime() - head.batch().sentNanos();
            longestNanos = Math.max(longestNanos, since);
            head.acknowledge();
            listener.onDurable(head.batch());
            done.add(head.batch());
            if (head.chunk() != chunk) {
                sealIfTime(head.chunk());
            }
        }
        if (!done.isEmpty()) {
            changed.signalAll();
        }
    }

    /// Gives up the chunk because of holders that failed or do not answer.
    private void goOnWithout(Flight flight, int mask, ChunkStoreException reason) {
        OpenChunk from = flight.chunk();
        boolean isFull = reason instanceof ConflictException;
        for (int i = 0; i < from.record().profile().strips(); i++) {
            if ((mask & 1 << i) != 0) {
                failed.add(from.holderId(i));
                if (!isFull) {
                    stream.runtime().health().suspect(from.holderId(i));
                }
            }
        }
        if (!isSwitching && end == null) {
            LOG.info("the log goes on in a new chunk: chunk={} lane={} failed={} reason={}",
                    from.record().id(), key.number(), failed, reason.getMessage());
            switches.incrementAndGet();
            beginSwitch();
        }
    }

    /// Looks whether the oldest flight waits too long.
    private void tick() {
        lock.lock();
        try {
            Flight head = inFlight.peek();
            if (head == null || end != null) {
                isTicking = false;
                return;
            }
            long waited = stream.runtime().nanoTime() - head.sentNanos();
            long patience = Math.clamp(
                    usualNanos * ANSWER_FACTOR,
                    key.options().answerMin().toNanos(),
                    key.options().answerMax().toNanos());
            if (!isSwitching && waited > (head.hasAnswer() ? patience : 2 * patience)) {
                goOnWithout(head, head.unansweredMask(), new StoreUnavailableException(
                        "no answer: waitedMillis=" + waited / 1_000_000));
            }
        } finally {
            lock.unlock();
        }
        stream.runtime().after(TICK_NANOS, this::tick);
    }

    /// Ends the lane: everything on its way and everything later fails.
    private void fail(ChunkStoreException reason) {
        List<LogBatch> lost = new ArrayList<>();
        lock.lock();
        try {
            if (end == null) {
                end = reason;
                LOG.warn("the log ends: stream={} lane={} reason={}",
                        Long.toHexString(stream.id()), key.number(), reason.getMessage());
            }
            for (Flight flight : inFlight) {
                flight.withdraw();
                lost.add(flight.batch());
            }
            inFlight.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lost.forEach(batch -> batch.done().completeExceptionally(reason));
    }

    /// Waits for what is on its way and seals the chunk. Nothing may be appended any more.
    void close() {
        OpenChunk last;
        lock.lock();
        try {
            isClosing = true;
            while (end == null && (isSwitching || !inFlight.isEmpty())) {
                changed.awaitUninterruptibly();
            }
            last = chunk;
            chunk = null;
            if (end == null) {
                end = new StoreUnavailableException(
                        "the log is closed: stream=" + Long.toHexString(stream.id()));
            } else {
                last = null; // Another writer, or the next one, sees to it.
            }
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.retire();
            supply.sealNow(last);
        }
    }

    boolean isClosing() {
        return isClosing;
    }
}
