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
final class HostLease {
    static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration RENEW_EVERY = Duration.ofMillis(1_500);

    /// Before the lease may be another's, what runs under it has been made to stand still.
    private static final Duration MARGIN = Duration.ofMillis(1_500);

    private static final Logger LOG = LoggerFactory.getLogger(HostLease.class);

    private final AppLedger ledger;
    private final String node;
    private final LongSupplier nanoClock;
    private final Executor executor;
    private @Nullable FencingToken token;
    private long heldUntilNanos;
    private long dueNanos;
    private boolean isAsking;

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
        boolean isHeld = known != null && nanoClock.getAsLong() < heldUntilNanos - MARGIN.toNanos();
        return isHeld ? Optional.ofNullable(known) : Optional.empty();
    }

    /// Asks for the lease, or for more of it, if that is due.
    void step() {
        synchronized (this) {
            if (isAsking || nanoClock.getAsLong() < dueNanos) {
                return;
            }
            isAsking = true;
        }
        executor.execute(this::ask);
    }

    private void ask() {
        FencingToken known;
        long askedNanos = nanoClock.getAsLong();
        synchronized (this) {
            known = token;
        }
        Optional<FencingToken> granted = Optional.empty();
        try {
            granted = known == null ? acquire() : renew(known);
        } catch (ConsensusException failure) {
            LOG.debug("the host's lease could not be asked for: reason={}", failure.getMessage());
            granted = Optional.ofNullable(known);
            askedNanos = heldUntilNanosOr(askedNanos) - TTL.toNanos();
        } finally {
            note(granted, askedNanos);
        }
    }

    private synchronized long heldUntilNanosOr(long otherwise) {
        return token == null ? otherwise : heldUntilNanos;
    }

    private synchronized void note(Optional<FencingToken> granted, long askedNanos) {
        isAsking = false;
        token = granted.orElse(null);
        heldUntilNanos = askedNanos + TTL.toNanos();
        dueNanos = nanoClock.getAsLong() + (granted.isPresent() ? RENEW_EVERY.toNanos() : 0);
    }

    private Optional<FencingToken> acquire() {
        return granted(ledger.propose(
                new LeaseCommand.Acquire(PlacementEntry.leaseOf(node), node, TTL.toMillis())));
    }

    /// A lease that ran out is taken anew, under a new token: what was claimed under the old one is no
    /// longer.
    private Optional<FencingToken> renew(FencingToken known) {
        Optional<FencingToken> renewed = granted(ledger.propose(
                new LeaseCommand.Renew(PlacementEntry.leaseOf(node), node, known, TTL.toMillis())));
        return renewed.isPresent() ? renewed : acquire();
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
