package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.rule.GridReply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lease under which this node holds slots. It counts as held from before it was asked for, so this node
/// stops relying on it no later than others begin to doubt it. Guarded by its own lock; the ledger is asked
/// on a thread of its own, one question at a time.
///
/// A node that holds no slot has nothing that others may have to take over soon: it asks for a long time, and
/// seldom, because each renewal is an entry that every node stores. With its first slot it asks for the short
/// time at once. From before that question on it relies on the short time only, whatever becomes of it.
final class HostLease {
    static final Pace BUSY = new Pace(Duration.ofSeconds(6), Duration.ofMillis(1_500));
    static final Pace IDLE = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(8));

    /// Before the lease may be another's, what runs under it has been made to stand still.
    private static final Duration MARGIN = Duration.ofMillis(1_500);

    private static final Logger LOG = LoggerFactory.getLogger(HostLease.class);

    private final AppLedger ledger;
    private final String node;
    private final LongSupplier nanoClock;
    private final Executor executor;
    private @Nullable FencingToken token;
    private Pace asked = IDLE;
    private long heldUntilNanos;
    private long dueNanos;
    private boolean isAsking;

    /// How long the lease is asked for, and when again.
    record Pace(Duration time, Duration renewEvery) {}

    HostLease(AppLedger ledger, String node, LongSupplier nanoClock, Executor executor) {
        this.ledger = ledger;
        this.node = node;
        this.nanoClock = nanoClock;
        this.executor = executor;
        this.dueNanos = nanoClock.getAsLong();
    }

    /// The token, if the lease is held for sure.
    synchronized Optional<FencingToken> token() {
        FencingToken known = token;
        boolean isHeld = known != null && heldUntilNanos - MARGIN.toNanos() - nanoClock.getAsLong() > 0;
        return isHeld ? Optional.ofNullable(known) : Optional.empty();
    }

    /// Asks for the lease, or for more of it, if that is due, or if the node has become busy.
    void step(boolean isBusy) {
        Pace pace = isBusy ? BUSY : IDLE;
        long nowNanos = nanoClock.getAsLong();
        synchronized (this) {
            boolean isSooner = pace.time().compareTo(asked.time()) < 0;
            if (isAsking || (dueNanos - nowNanos > 0 && !isSooner)) {
                return;
            }
            isAsking = true;
            asked = pace;
            long untilNanos = nowNanos + pace.time().toNanos();
            heldUntilNanos = heldUntilNanos - untilNanos > 0 ? untilNanos : heldUntilNanos;
        }
        executor.execute(() -> ask(pace, nowNanos));
    }

    private void ask(Pace pace, long askedNanos) {
        FencingToken known;
        synchronized (this) {
            known = token;
        }
        Optional<FencingToken> granted = Optional.empty();
        boolean isAnswered = false;
        try {
            granted = known == null ? acquire(pace) : renew(known, pace);
            isAnswered = true;
        } catch (ConsensusException failure) {
            LOG.debug("the host's lease could not be asked for: reason={}", failure.getMessage());
            granted = Optional.ofNullable(known);
        } finally {
            note(granted, isAnswered, pace, askedNanos);
        }
    }

    private synchronized void note(
            Optional<FencingToken> granted, boolean isAnswered, Pace pace, long askedNanos) {
        isAsking = false;
        token = granted.orElse(null);
        if (isAnswered) {
            heldUntilNanos = askedNanos + pace.time().toNanos();
        }
        dueNanos = nanoClock.getAsLong() + (granted.isPresent() ? pace.renewEvery().toNanos() : 0);
    }

    private Optional<FencingToken> acquire(Pace pace) {
        return granted(ledger.propose(
                new LeaseCommand.Acquire(PlacementEntry.leaseOf(node), node, pace.time().toMillis())));
    }

    /// A lease that ran out is taken anew, under a new token: what was claimed under the old one is no
    /// longer.
    private Optional<FencingToken> renew(FencingToken known, Pace pace) {
        Optional<FencingToken> renewed = granted(ledger.propose(new LeaseCommand.Renew(
                PlacementEntry.leaseOf(node), node, known, pace.time().toMillis())));
        return renewed.isPresent() ? renewed : acquire(pace);
    }

    private static Optional<FencingToken> granted(GridReply reply) {
        return switch (reply) {
            case GridReply.Accepted(_, GridReply.Result.Granted(FencingToken token, _)) -> Optional.of(token);
            case GridReply.Accepted _ -> Optional.empty();
            case GridReply.Refused refused -> {
                LOG.warn("the host's lease was refused: reason={}", refused.message());
                yield Optional.empty();
            }
        };
    }
}
