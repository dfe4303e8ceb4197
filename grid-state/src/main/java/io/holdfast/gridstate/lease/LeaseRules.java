package io.holdfast.gridstate.lease;

import static io.holdfast.gridstate.lease.LeaseCatalogs.LEASES;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpiryIndex;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.List;
import java.util.Optional;

/// The rules of leases. A grant's token is the number of the command that granted it: it grows for ever,
/// even for a name whose record was dropped in between. Immutable; confined to the apply thread by what it
/// is given.
public final class LeaseRules {
    /// Leases on record.
    public static final int LEASES_MAX = 1_000_000;

    /// How long an expired lease stays on record, for people to see who held it.
    public static final long EXPIRED_KEPT_MILLIS = 10 * 60_000L;

    /// Records of expired leases that one grant drops: more than the one it may add.
    private static final int DROPPED_PER_GRANT = 2;

    private static final Keyspace BY_EXPIRY = new Keyspace("leases-by-expiry");
    private static final String COUNTER = "leases";

    private final ExpiryIndex byExpiry = new ExpiryIndex(BY_EXPIRY);

    public static List<Keyspace> indexes() {
        return List.of(BY_EXPIRY);
    }

    public GridReply acquire(RuleScope scope, String lease, String holder, long ttlMillis) {
        Optional<LeaseEntry> found = scope.find(LEASES, lease);
        if (found.isPresent()
                && found.get().isHeldAt(scope.timeMillis())
                && !found.get().holder().equals(holder)) {
            return GridReply.refuse(
                    RefusalCode.HELD,
                    "somebody else holds the lease: " + lease + " holder=" + found.get().holder()
                            + " remainingMillis=" + (found.get().expiresMillis() - scope.timeMillis()),
                    "wait until it expires, or seize it");
        }
        return grant(scope, lease, holder, ttlMillis);
    }

    public GridReply seize(RuleScope scope, String lease, String holder, long ttlMillis) {
        return grant(scope, lease, holder, ttlMillis);
    }

    public GridReply renew(RuleScope scope, String lease, String holder, FencingToken token, long ttlMillis) {
        Optional<LeaseEntry> found = scope.find(LEASES, lease);
        if (found.isEmpty() || !isGrant(found.get(), holder, token)) {
            Object newest = found.<Object>map(LeaseEntry::token).orElse("none");
            return Refusals.fenced("lease", lease, token, newest);
        }
        LeaseEntry entry = found.get();
        if (!entry.isHeldAt(scope.timeMillis())) {
            return GridReply.refuse(
                    RefusalCode.EXPIRED,
                    "the lease has expired: " + lease + " token=" + token,
                    "acquire it again, which gives a new token");
        }
        store(scope, lease, found, new LeaseEntry(holder, token, scope.timeMillis() + ttlMillis));
        return granted(scope, token, scope.timeMillis() + ttlMillis);
    }

    public GridReply release(RuleScope scope, String lease, String holder, FencingToken token) {
        Optional<Versioned<String, LeaseEntry>> found = scope.findVersioned(LEASES, lease);
        if (found.isEmpty()) {
            return new Accepted(0);
        }
        if (!isGrant(found.get().value(), holder, token)) {
            return new Accepted(found.get().version());
        }
        drop(scope, lease, found.get().value());
        return new Accepted(scope.version());
    }

    private GridReply grant(RuleScope scope, String lease, String holder, long ttlMillis) {
        long droppableMillis = scope.timeMillis() - EXPIRED_KEPT_MILLIS;
        for (String name : byExpiry.expiredAt(scope, droppableMillis, DROPPED_PER_GRANT)) {
            scope.find(LEASES, name).ifPresent(expired -> drop(scope, name, expired));
        }
        Optional<LeaseEntry> before = scope.find(LEASES, lease);
        if (before.isEmpty()) {
            long count = scope.counter(COUNTER);
            if (count >= LEASES_MAX) {
                return Refusals.full("leases", LEASES_MAX);
            }
            scope.setCounter(COUNTER, count + 1);
        }
        FencingToken token = new FencingToken(scope.commandNumber());
        long expiresMillis = scope.timeMillis() + ttlMillis;
        store(scope, lease, before, new LeaseEntry(holder, token, expiresMillis));
        return granted(scope, token, expiresMillis);
    }

    private void store(RuleScope scope, String lease, Optional<LeaseEntry> before, LeaseEntry entry) {
        before.ifPresent(old -> byExpiry.remove(scope, lease, old.expiresMillis()));
        byExpiry.add(scope, lease, entry.expiresMillis());
        scope.put(LEASES, lease, entry);
    }

    private void drop(RuleScope scope, String lease, LeaseEntry entry) {
        byExpiry.remove(scope, lease, entry.expiresMillis());
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(LEASES, lease);
    }

    private static boolean isGrant(LeaseEntry entry, String holder, FencingToken token) {
        return entry.token().equals(token) && entry.holder().equals(holder);
    }

    private static GridReply granted(RuleScope scope, FencingToken token, long expiresMillis) {
        return new Accepted(scope.version(), new GridReply.Result.Granted(token, expiresMillis));
    }
}
