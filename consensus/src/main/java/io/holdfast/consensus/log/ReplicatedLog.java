package io.holdfast.consensus.log;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.membership.Membership;
import io.holdfast.consensus.statemachine.StateStore;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// One group's replicated log, seen from one peer. Concurrent: every method may be called from any thread;
/// futures complete on threads of the log, which must not be blocked.
public interface ReplicatedLog extends AutoCloseable {
    GroupId group();

    /// Proposes a command; completes when a majority has stored it and this peer has applied it. Only the
    /// leader accepts proposals.
    ///
    /// Completes exceptionally with `NotLeaderException` or `UnavailableException` (it did not happen),
    /// `OutcomeUnknownException` (it may have), `SessionExpiredException` (it did not happen now, whether an
    /// earlier attempt did is unknown) or `InvalidProposalException`.
    CompletableFuture<Committed> propose(Proposal proposal);

    /// Confirms with the leader how far the ledger had come when the call was made, and completes once this
    /// peer has applied that much: a read of [#store()] made afterwards is linearizable. Works on every
    /// peer.
    CompletableFuture<LogIndex> readBarrier();

    /// Completes once this peer has applied the index (at once if it already has), or exceptionally with
    /// `UnavailableException` after the log's request timeout.
    CompletableFuture<LogIndex> awaitApplied(LogIndex index);

    /// How far this peer has applied.
    LogIndex appliedIndex();

    /// The ledger's time, by which entries are applied, as well as this peer can tell: on the leader what it
    /// stamps entries with, on a follower the time of the newest entry and what has passed since. Before a
    /// leader was heard it is this host's wall clock.
    InstantSource clock();

    Leadership leadership();

    /// Whether this peer leads *at this moment*: it leads, has applied an entry of its own term, and heard
    /// from a majority within the lease. Asked before each batch that only a leader may publish.
    boolean holdsLeaderLease();

    /// Called with each change of [#leadership()], in order, on a thread of the log.
    void onLeadership(Consumer<Leadership> listener);

    /// The state that the ledger's entries built on this peer; reads see whole entries only.
    StateStore store();

    Membership membership();

    /// What health checks and metrics show of this log, read without waiting.
    LedgerStatus status();

    /// Completes if this peer can take no further part because what it stores cannot be written or applied;
    /// never, if all is well. Nothing brings it back but a new start of the process, on a disk that works.
    default CompletableFuture<Throwable> failure() {
        return new CompletableFuture<>();
    }

    /// Leaves the group's files as they are and stops serving it.
    @Override
    void close();
}
