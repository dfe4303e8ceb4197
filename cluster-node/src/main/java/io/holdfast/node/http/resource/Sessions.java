package io.holdfast.node.http.resource;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.auth.Cookies;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Principal;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.identity.UserToken;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/// Opens sessions of the web UI. A session's token has an id derived from what it was opened with, so of two
/// that were opened with the same, at whichever nodes, the ledger lets one through. Concurrent.
final class Sessions {
    private static final Duration LIFETIME = Duration.ofHours(12);

    private final Changes changes;
    private final InstantSource clock;
    private final SecureRandom random;

    Sessions(Changes changes, InstantSource clock, SecureRandom random) {
        this.changes = changes;
        this.clock = clock;
        this.random = random;
    }

    /// Opens a session of the caller and leads to the UI.
    ///
    /// @param of what it is opened with: good once
    ApiReply open(ApiCall call, String of) {
        UserToken session = UserToken.create(random);
        UserTokenKey key = new UserTokenKey(call.principal().name(), idOf("session of " + of));
        try {
            changes.accepted(
                    call,
                    new AccessCommand.CreateToken(
                            key,
                            new Sha256(session.secret().hash().hex()),
                            clock.instant().plus(LIFETIME).toEpochMilli(),
                            Authentication.SESSION_NOTE));
        } catch (ProblemException e) {
            if (e.problem().code().equals("exists")) {
                throw new Problem(401, "unauthenticated", "the login was used already", "log in anew")
                        .exception();
            }
            throw e;
        }
        String text = "hfu1." + key.id() + session.text().substring(session.text().lastIndexOf('.'));
        return ApiReply.redirect("/ui/").with("Set-Cookie", Cookies.set(text, LIFETIME));
    }

    /// A call without a credential, made by somebody who is known by now.
    ///
    /// @param target without what is secret in it
    static ApiCall as(ApiCall call, String target, String user, Role role, Optional<String> token) {
        Principal principal = new Principal(new Actor.User(user), role, token, Principal.Via.TOKEN);
        return new ApiCall(
                call.operation(), target, call.requestId(), call.path(), call.query(), _ -> null, call.body(),
                call.bodyHash(), Optional.of(principal), call.deadlineNanos());
    }

    /// Sixteen digits like any token's id, out of a text.
    static String idOf(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
