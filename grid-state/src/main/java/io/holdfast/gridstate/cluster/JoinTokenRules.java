package io.holdfast.gridstate.cluster;

import static io.holdfast.gridstate.cluster.ClusterCatalogs.JOIN_TOKENS;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.rule.ExpiryIndex;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/// The rules of join tokens. Immutable; confined to the apply thread by what it is given.
public final class JoinTokenRules {
    /// Tokens that nobody used yet.
    public static final int TOKENS_MAX = 1_000;

    /// Expired tokens that one new token drops: more than the one it adds.
    private static final int DROPPED_PER_TOKEN = 2;

    private static final Keyspace BY_EXPIRY = new Keyspace("join-tokens-by-expiry");
    private static final String COUNTER = "join-tokens";

    private final ExpiryIndex byExpiry = new ExpiryIndex(BY_EXPIRY);

    /// What somebody shows who wants to join.
    ///
    /// @param token the token's id
    /// @param secretHash of the secret that came with it
    public record Shown(String token, Sha256 secretHash) {}

    public static List<Keyspace> indexes() {
        return List.of(BY_EXPIRY);
    }

    public GridReply create(RuleScope scope, String token, Sha256 secretHash, long expiresMillis) {
        if (expiresMillis <= scope.timeMillis()) {
            return GridReply.refuse(RefusalCode.EXPIRED, "the token would have expired already: " + token);
        }
        if (scope.find(JOIN_TOKENS, token).isPresent()) {
            return Refusals.exists("join token", token);
        }
        for (String expired : byExpiry.expiredAt(scope, scope.timeMillis(), DROPPED_PER_TOKEN)) {
            scope.find(JOIN_TOKENS, expired).ifPresent(entry -> drop(scope, expired, entry));
        }
        long count = scope.counter(COUNTER);
        if (count >= TOKENS_MAX) {
            return Refusals.full("join tokens", TOKENS_MAX);
        }
        scope.setCounter(COUNTER, count + 1);
        byExpiry.add(scope, token, expiresMillis);
        scope.put(
                JOIN_TOKENS, token, new JoinTokenEntry(secretHash, expiresMillis, scope.actor().label()));
        return new Accepted(scope.version());
    }

    public GridReply revoke(RuleScope scope, String token) {
        Optional<JoinTokenEntry> found = scope.find(JOIN_TOKENS, token);
        if (found.isEmpty()) {
            return Refusals.notFound("join token", token);
        }
        drop(scope, token, found.get());
        return new Accepted(scope.version());
    }

    /// Uses up what was shown, or says why it is no good. A wrong secret is answered like a token that does
    /// not exist: nothing is to be learned from the difference.
    Optional<Refused> use(RuleScope scope, Shown shown) {
        Optional<JoinTokenEntry> found = scope.find(JOIN_TOKENS, shown.token())
                .filter(entry -> isSame(entry.secretHash(), shown.secretHash()));
        if (found.isEmpty()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.NOT_FOUND,
                    "no such join token: " + shown.token(),
                    "a token is good for one node; make another one"));
        }
        if (found.get().expiresMillis() <= scope.timeMillis()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.EXPIRED, "the join token has expired: " + shown.token(), "make another one"));
        }
        drop(scope, shown.token(), found.get());
        return Optional.empty();
    }

    private void drop(RuleScope scope, String token, JoinTokenEntry entry) {
        byExpiry.remove(scope, token, entry.expiresMillis());
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(JOIN_TOKENS, token);
    }

    private static boolean isSame(Sha256 some, Sha256 other) {
        return MessageDigest.isEqual(some.value().getBytes(US_ASCII), other.value().getBytes(US_ASCII));
    }
}
