package io.holdfast.gridstate.access;

import static io.holdfast.gridstate.access.AccessCatalogs.TOKEN_HASHES;
import static io.holdfast.gridstate.access.AccessCatalogs.USERS;
import static io.holdfast.gridstate.access.AccessCatalogs.USER_TOKENS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The rules of users. Immutable; confined to the apply thread by what it is given.
public final class AccessRules {
    /// Users that there may be.
    public static final int USERS_MAX = 10_000;

    private static final String USER_COUNTER = "users";
    private static final String ADMIN_COUNTER = "users-admin";

    public GridReply createUser(RuleScope scope, String user, Role role) {
        if (scope.find(USERS, user).isPresent()) {
            return Refusals.exists("user", user);
        }
        long count = scope.counter(USER_COUNTER);
        if (count >= USERS_MAX) {
            return Refusals.full("users", USERS_MAX);
        }
        scope.setCounter(USER_COUNTER, count + 1);
        changeAdmins(scope, role == Role.ADMIN ? 1 : 0);
        scope.put(USERS, user, new UserEntry(role, 0, scope.timeMillis()));
        return new Accepted(scope.version());
    }

    public GridReply setRole(RuleScope scope, String user, Role role, ExpectedVersion expected) {
        Optional<Versioned<String, UserEntry>> found = scope.findVersioned(USERS, user);
        if (found.isEmpty()) {
            return Refusals.notFound("user", user);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("user", user, found);
        }
        UserEntry entry = found.get().value();
        if (entry.role() == role) {
            return new Accepted(found.get().version());
        }
        if (isLastAdmin(scope, entry)) {
            return lastAdmin(user);
        }
        changeAdmins(scope, (role == Role.ADMIN ? 1 : 0) - (entry.role() == Role.ADMIN ? 1 : 0));
        scope.put(USERS, user, new UserEntry(role, entry.tokenCount(), entry.createdMillis()));
        return new Accepted(scope.version());
    }

    public GridReply deleteUser(RuleScope scope, String user, ExpectedVersion expected) {
        Optional<Versioned<String, UserEntry>> found = scope.findVersioned(USERS, user);
        if (found.isEmpty()) {
            return Refusals.notFound("user", user);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("user", user, found);
        }
        UserEntry entry = found.get().value();
        if (isLastAdmin(scope, entry)) {
            return lastAdmin(user);
        }
        for (UserTokenKey token : tokensOf(scope, user)) {
            scope.find(USER_TOKENS, token).ifPresent(each -> scope.remove(TOKEN_HASHES, each.secretHash()));
            scope.remove(USER_TOKENS, token);
        }
        changeAdmins(scope, entry.role() == Role.ADMIN ? -1 : 0);
        scope.setCounter(USER_COUNTER, scope.counter(USER_COUNTER) - 1);
        scope.remove(USERS, user);
        return new Accepted(scope.version());
    }

    public GridReply createToken(
            RuleScope scope, UserTokenKey key, Sha256 secretHash, long expiresMillis, String note) {
        Optional<UserEntry> found = scope.find(USERS, key.user());
        if (found.isEmpty()) {
            return Refusals.notFound("user", key.user());
        }
        if (scope.find(USER_TOKENS, key).isPresent()) {
            return Refusals.exists("token", key);
        }
        if (scope.find(TOKEN_HASHES, secretHash).isPresent()) {
            return GridReply.refuse(RefusalCode.EXISTS, "another token has this secret", "draw another one");
        }
        if (expiresMillis <= scope.timeMillis()) {
            return GridReply.refuse(RefusalCode.EXPIRED, "the token would have expired already: " + key);
        }
        UserEntry entry = found.get();
        int count = entry.tokenCount();
        if (count == UserEntry.TOKENS_MAX) {
            Optional<UserTokenKey> useless = oldestUseless(scope, key.user());
            if (useless.isEmpty()) {
                return Refusals.full("tokens of one user", UserEntry.TOKENS_MAX);
            }
            scope.find(USER_TOKENS, useless.get())
                    .ifPresent(token -> scope.remove(TOKEN_HASHES, token.secretHash()));
            scope.remove(USER_TOKENS, useless.get());
            count--;
        }
        scope.put(USERS, key.user(), new UserEntry(entry.role(), count + 1, entry.createdMillis()));
        scope.put(TOKEN_HASHES, secretHash, key);
        UserTokenEntry token = new UserTokenEntry(secretHash, expiresMillis, false, note, scope.timeMillis());
        scope.put(USER_TOKENS, key, token);
        return new Accepted(scope.version());
    }

    public GridReply revokeToken(RuleScope scope, UserTokenKey key) {
        Optional<Versioned<UserTokenKey, UserTokenEntry>> found = scope.findVersioned(USER_TOKENS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("token", key);
        }
        UserTokenEntry entry = found.get().value();
        if (entry.isRevoked()) {
            return new Accepted(found.get().version());
        }
        scope.put(
                USER_TOKENS,
                key,
                new UserTokenEntry(
                        entry.secretHash(),
                        entry.expiresMillis(),
                        true,
                        entry.note(),
                        entry.createdMillis()));
        return new Accepted(scope.version());
    }

    private static Optional<UserTokenKey> oldestUseless(RuleScope scope, String user) {
        return tokensOf(scope, user).stream()
                .flatMap(key -> scope.find(USER_TOKENS, key)
                        .filter(token -> !token.isGoodAt(scope.timeMillis()))
                        .map(token -> new Dated(key, token.createdMillis()))
                        .stream())
                .min(Comparator.comparingLong(Dated::createdMillis).thenComparing(dated -> dated.key().id()))
                .map(Dated::key);
    }

    /// At most [UserEntry#TOKENS_MAX].
    private static List<UserTokenKey> tokensOf(RuleScope scope, String user) {
        List<UserTokenKey> keys = new ArrayList<>();
        scope.scan(USER_TOKENS, (user + "/").getBytes(UTF_8), (key, _) -> {
            keys.add(USER_TOKENS.keyForm().decode(key));
            return true;
        });
        return keys;
    }

    private static boolean isLastAdmin(RuleScope scope, UserEntry entry) {
        return entry.role() == Role.ADMIN && scope.counter(ADMIN_COUNTER) == 1;
    }

    private static GridReply lastAdmin(String user) {
        return GridReply.refuse(
                RefusalCode.FORBIDDEN_STATE,
                "the last administrator stays: " + user,
                "make another one first");
    }

    private static void changeAdmins(RuleScope scope, int by) {
        if (by != 0) {
            scope.setCounter(ADMIN_COUNTER, scope.counter(ADMIN_COUNTER) + by);
        }
    }

    private record Dated(UserTokenKey key, long createdMillis) {}
}
