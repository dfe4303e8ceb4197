package io.holdfast.node.ledger;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Proposes commands from this node, whoever leads. Concurrent.
///
/// A command keeps its session and sequence through all attempts, so repeating it after an unknown outcome
/// does no harm: it is applied at most once. When the deadline passes, the caller hears
/// `UnavailableException` if no attempt can have taken effect and `OutcomeUnknownException` otherwise.
public final class LedgerClient {
    private static final long PAUSE_MILLIS_MIN = 5;
    private static final long PAUSE_MILLIS_MAX = 100;

    /// Several sessions, so that one command that waits for its outcome does not hold up a thousand others'
    /// windows.
    private static final int SESSION_COUNT = 4;

    private final Route route;
    private final LeaderLink link;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;
    private final Duration deadline;
    private final Supplier<SessionId> sessions;
    private final AtomicReferenceArray<SessionWindow> windows;
    private final AtomicInteger turn = new AtomicInteger();
    private final LongAdder retries = new LongAdder();

    /// The part of a replicated log that a proposer needs.
    public interface Route {
        /// Who leads, as this node knows it.
        Leadership leadership();

        /// Proposes to this node's own log.
        CompletableFuture<Committed> proposeHere(Proposal proposal);
    }

    /// Makes a client with sessions of its own.
    ///
    /// @param sessions draws a new, random session at each call
    /// @param deadline how long a command is attempted
    public LedgerClient(
            Route route,
            LeaderLink link,
            ScheduledExecutorService timer,
            LongSupplier nanoClock,
            Supplier<SessionId> sessions,
            Duration deadline) {
        this.route = route;
        this.link = link;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.sessions = sessions;
        this.deadline = deadline;
        this.windows = new AtomicReferenceArray<>(SESSION_COUNT);
        for (int i = 0; i < SESSION_COUNT; i++) {
            windows.set(i, new SessionWindow(sessions.get()));
        }
    }

    /// Proposes a command that is to happen once.
    public CompletableFuture<Committed> propose(byte[] command) {
        int slot = Math.floorMod(turn.getAndIncrement(), SESSION_COUNT);
        SessionWindow window = windows.get(slot);
        Proposal proposal;
        try {
            proposal = window.admit(command);
        } catch (ConsensusException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return attempt(proposal)
                .whenComplete((_, _) -> window.settle(proposal.sequence()))
                .exceptionallyCompose(failure -> renewSession(unwrap(failure), slot, window, command));
    }

    /// A session that was idle for long is forgotten by the ledger, which then refuses it without applying
    /// anything: the command starts over in a new one.
    private CompletableFuture<Committed> renewSession(
            Throwable failure, int slot, SessionWindow expired, byte[] command) {
        if (!(failure instanceof SessionExpiredException)) {
            return CompletableFuture.failedFuture(failure);
        }
        windows.compareAndSet(slot, expired, new SessionWindow(sessions.get()));
        return propose(command);
    }

    /// Proposes a command under a session of the caller's, for instance one derived from an idempotency key:
    /// whoever proposes it again under the same session, through any node, gets the first outcome.
    public CompletableFuture<Committed> proposeOnce(SessionId session, byte[] command) {
        return attempt(new Proposal(session, 1, 0, command));
    }

    /// How often a command had to be attempted again.
    public long retryCount() {
        return retries.sum();
    }

    private CompletableFuture<Committed> attempt(Proposal proposal) {
        Attempt attempt = new Attempt(proposal, nanoClock.getAsLong() + deadline.toNanos());
        attempt.run();
        return attempt.outcome;
    }

    /// One command on its way. Steps follow each other, never overlap.
    private final class Attempt implements Runnable {
        private final Proposal proposal;
        private final long deadlineNanos;
        private final CompletableFuture<Committed> outcome = new CompletableFuture<>();
        private @Nullable PeerId hint;
        private boolean mayHaveHappened;
        private int count;

        Attempt(Proposal proposal, long deadlineNanos) {
            this.proposal = proposal;
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void run() {
            var _ = step().whenComplete((committed, failure) -> {
                if (failure == null) {
                    outcome.complete(committed);
                } else {
                    onFailure(unwrap(failure));
                }
            });
        }

        private CompletableFuture<Committed> step() {
            Leadership known = route.leadership();
            Optional<PeerId> target = Optional.ofNullable(hint).or(known::leader);
            hint = null;
            if (known.isLeader() || target.filter(known.self()::equals).isPresent()) {
                return route.proposeHere(proposal);
            }
            return target.map(leader -> link.propose(leader, proposal)).orElseGet(Attempt::withoutLeader);
        }

        private static CompletableFuture<Committed> withoutLeader() {
            return CompletableFuture.failedFuture(new UnavailableException("no leader is known"));
        }

        private void onFailure(Throwable failure) {
            switch (failure) {
                case NotLeaderException moved -> again(moved, moved.hint().orElse(null));
                case OutcomeUnknownException unknown -> {
                    mayHaveHappened = true;
                    if (proposal.session().equals(SessionId.NONE)) {
                        outcome.completeExceptionally(unknown);
                    } else {
                        again(unknown, null);
                    }
                }
                case UnavailableException busy -> again(busy, null);
                case InvalidProposalException invalid -> outcome.completeExceptionally(invalid);
                case SessionExpiredException expired -> outcome.completeExceptionally(mayHaveHappened
                        ? new OutcomeUnknownException("the session expired between two attempts", expired)
                        : expired);
                case CorruptLedgerException corrupt -> outcome.completeExceptionally(corrupt);
                default -> outcome.completeExceptionally(failure);
            }
        }

        private void again(ConsensusException reason, @Nullable PeerId leader) {
            count++;
            long pauseMillis = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(count, 8));
            long leftNanos = deadlineNanos - nanoClock.getAsLong();
            if (leftNanos <= TimeUnit.MILLISECONDS.toNanos(pauseMillis)) {
                outcome.completeExceptionally(giveUp(reason));
                return;
            }
            retries.increment();
            hint = leader;
            boolean isFirstHint = leader != null && count == 1;
            var _ = timer.schedule(this, isFirstHint ? 0 : pauseMillis, TimeUnit.MILLISECONDS);
        }

        private ConsensusException giveUp(ConsensusException last) {
            String detail = ": attempts=" + count + " deadline=" + deadline + " last=" + last.getMessage();
            return mayHaveHappened
                    ? new OutcomeUnknownException("the command may have been applied" + detail, last)
                    : new UnavailableException("the command was not applied" + detail, last);
        }
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
