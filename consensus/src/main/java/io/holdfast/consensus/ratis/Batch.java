package io.holdfast.consensus.ratis;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.apply.Outcome;
import io.holdfast.consensus.entry.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The proposals that share an entry, and those who wait for them. Filled by one thread; afterwards
/// concurrent.
final class Batch {
    private final List<Proposal> proposals = new ArrayList<>();
    private final List<CompletableFuture<Committed>> futures = new ArrayList<>();
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile boolean entered;
    private volatile byte[] entry = new byte[0];
    private final long deadlineTick;
    private final long sentNanos;
    private final Consumer<Batch> beforeAnswers;

    /// @param beforeAnswers is told before the proposers are answered with what became of their commands
    Batch(long deadlineTick, long sentNanos, Consumer<Batch> beforeAnswers) {
        this.deadlineTick = deadlineTick;
        this.sentNanos = sentNanos;
        this.beforeAnswers = beforeAnswers;
    }

    void add(Proposal proposal, CompletableFuture<Committed> future) {
        proposals.add(proposal);
        futures.add(future);
    }

    boolean isEmpty() {
        return proposals.isEmpty();
    }

    int size() {
        return proposals.size();
    }

    long deadlineTick() {
        return deadlineTick;
    }

    long sentNanos() {
        return sentNanos;
    }

    byte[] encode(long stampedMillis) {
        byte[] bytes = new LedgerEntry(stampedMillis, proposals).encode();
        entry = bytes;
        return bytes;
    }

    /// The encoded entry, so that the leader need not copy it out of the log again.
    byte[] entry() {
        return entry;
    }

    /// The entry is about to be appended to the log: from here on it may become committed.
    void enterLog() {
        entered = true;
    }

    /// Answers every proposer; the first answer counts.
    void succeed(List<Outcome> outcomes) {
        beforeAnswers.accept(this);
        for (int i = 0; i < futures.size(); i++) {
            outcomes.get(i).completeTo(futures.get(i));
        }
    }

    /// Fails every proposer that has no answer yet: precisely, if the log never saw the entry.
    void fail(ConsensusException cause) {
        ConsensusException failure = entered
                ? new OutcomeUnknownException("it entered the log, its fate is unknown", cause)
                : cause;
        futures.forEach(future -> future.completeExceptionally(failure));
    }

    /// True for the first caller: the entry no longer counts as outstanding.
    boolean finish() {
        return finished.compareAndSet(false, true);
    }
}
