package io.holdfast.consensus.testing;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.apply.ApplyLimits;
import io.holdfast.consensus.apply.EntryApplier;
import io.holdfast.consensus.apply.Outcome;
import io.holdfast.consensus.entry.LedgerEntry;
import io.holdfast.consensus.entry.ProposalRules;
import io.holdfast.consensus.history.HistoryRetention;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.Position;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A log of a single peer that applies at once, on the caller's thread, with the same sessions, times and
/// history as the real one. Guarded by its own monitor. A test takes leadership, the lease or the majority
/// away to see what its callers do.
public final class InMemoryReplicatedLog implements ReplicatedLog {
    /// The limits the real log has by default.
    public static final ApplyLimits LIMITS = new ApplyLimits(
            Duration.ofHours(1).toMillis(), 10_000, 64L << 20, new HistoryRetention(100_000, 256L << 20));

    private static final PeerId SELF = new PeerId("n1");
    private static final PeerId OTHER = new PeerId("n2");

    private final GroupId group = new GroupId("test");
    private final LedgerStore store;
    private final EntryApplier applier;
    private final InstantSource clock;
    private final List<Consumer<Leadership>> listeners = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final FakeMembership membership = new FakeMembership();
    private Leadership leadership;
    private boolean leaseHeld = true;
    private boolean majority = true;
    private boolean open = true;
    private long commandsProposed;

    /// Opens a log that leads, with empty state.
    public static InMemoryReplicatedLog open(LedgerStateMachine machine, InstantSource clock) {
        return open(machine, clock, new InMemoryStateStore(machine.keyspaces()));
    }

    /// Opens a log that leads, on a store of an earlier one.
    public static InMemoryReplicatedLog open(
            LedgerStateMachine machine, InstantSource clock, LedgerStore store) {
        return new InMemoryReplicatedLog(machine, clock, store, LIMITS);
    }

    public InMemoryReplicatedLog(
            LedgerStateMachine machine, InstantSource clock, LedgerStore store, ApplyLimits limits) {
        this.store = store;
        this.clock = clock;
        this.applier = new EntryApplier(store, machine, limits);
        Term term = store.applied().term().next();
        this.leadership = new Leadership(term, Optional.of(SELF), SELF, Leadership.Role.LEADER);
        machine.onStateReplaced(store);
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public GroupId group() {
        return group;
    }

    @Override
    public CompletableFuture<Committed> propose(Proposal proposal) {
        return proposeTogether(List.of(proposal)).getFirst();
    }

    /// Puts several proposals into one entry.
    public synchronized List<CompletableFuture<Committed>> proposeTogether(List<Proposal> proposals) {
        Optional<ConsensusException> refusal = refusal(proposals);
        if (refusal.isPresent()) {
            ConsensusException cause = refusal.get();
            return proposals.stream()
                    .map(_ -> CompletableFuture.<Committed>failedFuture(cause))
                    .toList();
        }
        commandsProposed += proposals.size();
        byte[] entry = new LedgerEntry(clock.millis(), proposals).encode();
        Position position = new Position(store.appliedIndex().next(), leadership.term());
        List<Outcome> outcomes = applier.apply(position, entry);
        completeWaiters();
        return outcomes.stream().map(InMemoryReplicatedLog::answer).toList();
    }

    private static CompletableFuture<Committed> answer(Outcome outcome) {
        CompletableFuture<Committed> future = new CompletableFuture<>();
        outcome.completeTo(future);
        return future;
    }

    private Optional<ConsensusException> refusal(List<Proposal> proposals) {
        if (!open) {
            return Optional.of(new UnavailableException("the log is closed: group=" + group));
        }
        if (!leadership.isLeader()) {
            return Optional.of(new NotLeaderException(leadership.leader()));
        }
        if (!majority) {
            return Optional.of(new UnavailableException("no majority answers: group=" + group));
        }
        try {
            proposals.forEach(ProposalRules::requireValid);
            return Optional.empty();
        } catch (ConsensusException e) {
            return Optional.of(e);
        }
    }

    @Override
    public synchronized CompletableFuture<LogIndex> readBarrier() {
        if (!open || !majority) {
            return CompletableFuture.failedFuture(
                    new UnavailableException("no majority answers: group=" + group));
        }
        return CompletableFuture.completedFuture(store.appliedIndex());
    }

    /// Completes when the index is applied; a test that wants the deadline calls [#expireWaits()].
    @Override
    public synchronized CompletableFuture<LogIndex> awaitApplied(LogIndex index) {
        Waiter waiter = new Waiter(index, new CompletableFuture<>());
        waiters.add(waiter);
        completeWaiters();
        return waiter.future;
    }

    private void completeWaiters() {
        LogIndex applied = store.appliedIndex();
        waiters.removeIf(waiter -> !waiter.index.isAfter(applied) && waiter.future.complete(applied));
    }

    /// Lets every wait for an index run into its deadline.
    public synchronized void expireWaits() {
        waiters.forEach(waiter -> waiter.future.completeExceptionally(
                new UnavailableException("not applied in time: index=" + waiter.index)));
        waiters.clear();
    }

    @Override
    public LogIndex appliedIndex() {
        return store.appliedIndex();
    }

    @Override
    public synchronized Leadership leadership() {
        return leadership;
    }

    @Override
    public synchronized boolean holdsLeaderLease() {
        return open && leadership.isLeader() && leaseHeld && majority;
    }

    @Override
    public synchronized void onLeadership(Consumer<Leadership> listener) {
        listeners.add(listener);
    }

    @Override
    public StateStore store() {
        return store;
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public synchronized LedgerStatus status() {
        LogIndex applied = store.appliedIndex();
        EntryApplier.Counts counts = applier.counts();
        LedgerStatus.Progress progress = new LedgerStatus.Progress(
                applied, applied, LogIndex.ZERO, counts.entries(), counts.commands(), counts.repeated());
        LedgerStatus.Proposals proposals =
                new LedgerStatus.Proposals(0, 0, 0, counts.entries(), commandsProposed, 0);
        return new LedgerStatus(group, leadership, holdsLeaderLease(), progress, proposals);
    }

    @Override
    public synchronized void close() {
        open = false;
        expireWaits();
    }

    /// Lets another peer lead from now on.
    public synchronized void loseLeadership() {
        become(Leadership.Role.VOTER, OTHER);
    }

    /// Lets this peer lead, in a new term.
    public synchronized void gainLeadership() {
        become(Leadership.Role.LEADER, SELF);
    }

    /// Says whether the lease is valid while this peer leads.
    public synchronized void holdLease(boolean held) {
        leaseHeld = held;
    }

    /// Says whether a majority answers.
    public synchronized void reachMajority(boolean reached) {
        majority = reached;
    }

    private void become(Leadership.Role role, PeerId leader) {
        leadership = new Leadership(leadership.term().next(), Optional.of(leader), SELF, role);
        listeners.forEach(listener -> listener.accept(leadership));
    }

    /// Somebody who waits for an index.
    private record Waiter(LogIndex index, CompletableFuture<LogIndex> future) {}

    /// Changes at once.
    private final class FakeMembership implements Membership {
        private List<GroupPeer> peers = List.of(new GroupPeer(SELF, "127.0.0.1", 1, true, 0));

        @Override
        public synchronized List<GroupPeer> peers() {
            return peers;
        }

        @Override
        public synchronized CompletableFuture<Void> change(List<GroupPeer> newPeers) {
            peers = List.copyOf(newPeers);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> transferLeadership(PeerId voter) {
            if (voter.equals(SELF)) {
                gainLeadership();
            } else {
                loseLeadership();
            }
            return CompletableFuture.completedFuture(null);
        }
    }
}
