package io.holdfast.consensus.ratis;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.entry.LedgerEntry;
import io.holdfast.consensus.log.LedgerStatus;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Groups proposals into entries. Concurrent: the queue is guarded by its monitor; whoever brings a proposal
/// or frees a place sends what can be sent, one thread at a time, so that no proposal waits for a thread.
///
/// An entry is sent at once if none is outstanding; what arrives meanwhile shares the next one, which is sent
/// when it is full, as long as fewer than the allowed number are outstanding, or when the others have been
/// answered. So a lone proposal is never delayed, entries grow with the load by themselves, and a long way to
/// the other peers does not bound the rate. What an entry costs is mostly the same however much is in it:
/// four half-empty ones at once were measured to take half the rate of one after the other. For the same
/// reason an entry is held back for a moment when callers were just answered, see [HoldBack]; never that of a
/// lone caller, which waits for nobody but itself.
final class ProposalPump {
    private final LedgerConfig.Batching limits;
    private final InstantSource clock;
    private final long patienceTicks;
    private final Submitter submitter;
    private final Pauses pauses;
    private final HoldBack holdBack = new HoldBack();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Set<Batch> outstanding = ConcurrentHashMap.newKeySet();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong entriesProposed = new AtomicLong();
    private final AtomicLong commandsProposed = new AtomicLong();
    private final AtomicLong commandsRefused = new AtomicLong();
    private final AtomicLong tick = new AtomicLong();
    private long queuedBytes;
    private boolean closed;

    /// @param patienceTicks ticks after which a proposal without an answer fails
    ProposalPump(
            LedgerConfig.Batching limits,
            InstantSource clock,
            long patienceTicks,
            Submitter submitter,
            Pauses pauses) {
        this.limits = limits;
        this.clock = clock;
        this.patienceTicks = patienceTicks;
        this.submitter = submitter;
        this.pauses = pauses;
    }

    /// The time that passes between answers and the next questions.
    interface Pauses {
        /// Of this machine.
        Pauses REAL = new Pauses() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(long nanos, Runnable task) {
                CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task);
            }
        };

        long nanoTime();

        /// Runs a task later, on another thread.
        void after(long nanos, Runnable task);
    }

    /// Brings a batch into the log.
    interface Submitter {
        /// Completes with null once the batch was applied here, or with why it was not.
        CompletableFuture<@Nullable ConsensusException> submit(Batch batch, byte[] entry);
    }

    CompletableFuture<Committed> offer(Proposal proposal) {
        CompletableFuture<Committed> future = new CompletableFuture<>();
        synchronized (queue) {
            long bytes = proposal.command().length;
            if (closed) {
                return CompletableFuture.failedFuture(new UnavailableException("the log is closed"));
            }
            if (queue.size() >= limits.queueCommandsMax() || queuedBytes + bytes > limits.queueBytesMax()) {
                commandsRefused.incrementAndGet();
                return CompletableFuture.failedFuture(new UnavailableException(
                        "too much waits already: commands=" + queue.size() + " bytes=" + queuedBytes));
            }
            queue.add(new Waiting(proposal, future, tick.get() + patienceTicks));
            queuedBytes += bytes;
        }
        commandsProposed.incrementAndGet();
        pump();
        return future;
    }

    /// Sends what may be sent. A thread that comes while another is at it leaves its work to that one.
    private void pump() {
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            while (maySend()) {
                Batch batch = take();
                if (batch.isEmpty()) {
                    break;
                }
                send(batch);
            }
            seen = pending.addAndGet(-seen);
        }
    }

    private boolean maySend() {
        int sent = outstanding.size();
        synchronized (queue) {
            return isFullEntryWaiting()
                    ? sent < limits.entriesOutstandingMax()
                    : sent == 0 && !holdBack.isOn(queue.size(), pauses.nanoTime());
        }
    }

    private boolean isFullEntryWaiting() {
        return queue.size() >= limits.entryCommandsMax() || queuedBytes >= limits.entryBytesMax();
    }

    /// Counts before anybody is answered: whoever is may be back, and counted twice, before the last is.
    private void expect(Batch answered) {
        long now = pauses.nanoTime();
        long nanos;
        synchronized (queue) {
            nanos = holdBack.begin(answered.size(), queue.size(), now - answered.sentNanos(), now);
        }
        if (nanos > 0) {
            pauses.after(nanos, this::pump);
        }
    }

    private Batch take() {
        Batch batch = new Batch(tick.get() + patienceTicks, pauses.nanoTime(), this::expect);
        synchronized (queue) {
            holdBack.end(queue.size());
            long bytes = 0;
            while (batch.size() < limits.entryCommandsMax() && !queue.isEmpty()) {
                int length = queue.element().proposal.command().length;
                bytes += length + LedgerEntry.COMMAND_OVERHEAD_BYTES;
                if (!batch.isEmpty() && bytes > limits.entryBytesMax()) {
                    break;
                }
                Waiting first = queue.remove();
                queuedBytes -= length;
                batch.add(first.proposal, first.future);
            }
        }
        return batch;
    }

    private void send(Batch batch) {
        outstanding.add(batch);
        entriesProposed.incrementAndGet();
        byte[] entry = batch.encode(clock.millis());
        CompletableFuture<?> _ = submitter.submit(batch, entry).whenComplete((refusal, failure) -> {
            if (failure != null) {
                batch.fail(RatisFailures.of(failure));
            } else if (refusal != null) {
                batch.fail(refusal);
            }
            release(batch);
        });
    }

    private void release(Batch batch) {
        if (batch.finish()) {
            outstanding.remove(batch);
            pump();
        }
    }

    /// Fails what has waited for too long and sends what should have been sent; called at a steady pace.
    void tick() {
        long now = tick.incrementAndGet();
        UnavailableException late = new UnavailableException("not committed in time");
        for (Batch batch : outstanding) {
            if (batch.deadlineTick() < now) {
                batch.fail(late);
                release(batch);
            }
        }
        List<Waiting> expired = new ArrayList<>();
        synchronized (queue) {
            while (!queue.isEmpty() && queue.element().deadlineTick < now) {
                Waiting first = queue.remove();
                queuedBytes -= first.proposal.command().length;
                expired.add(first);
            }
        }
        expired.forEach(waiting -> waiting.future.completeExceptionally(late));
        pump();
    }

    /// Fails everything that waits and refuses what comes.
    void close() {
        List<Waiting> left;
        synchronized (queue) {
            closed = true;
            left = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
        }
        UnavailableException cause = new UnavailableException("the log is closed");
        left.forEach(waiting -> waiting.future.completeExceptionally(cause));
        for (Batch batch : outstanding) {
            batch.fail(cause);
            release(batch);
        }
    }

    LedgerStatus.Proposals status() {
        int commands;
        long bytes;
        synchronized (queue) {
            commands = queue.size();
            bytes = queuedBytes;
        }
        return new LedgerStatus.Proposals(
                commands,
                bytes,
                outstanding.size(),
                entriesProposed.get(),
                commandsProposed.get(),
                commandsRefused.get());
    }

    /// A proposal that no entry has taken yet.
    private record Waiting(Proposal proposal, CompletableFuture<Committed> future, long deadlineTick) {}
}
