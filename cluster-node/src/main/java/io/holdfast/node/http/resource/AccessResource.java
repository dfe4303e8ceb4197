package io.holdfast.node.http.resource;

import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.auth.Cookies;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Principal;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.CommandGateway;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.identity.UserToken;
import io.vertx.core.json.JsonObject;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Users, their tokens, and the way into the web UI. Concurrent.
///
/// A login link is a short-lived token that can do one thing: be exchanged for a session, once.
public final class AccessResource {
    private static final Duration LINK_LIFETIME = Duration.ofMinutes(5);
    private static final long TOKEN_SECONDS_STANDARD = Duration.ofDays(90).toSeconds();

    private final Changes changes;
    private final CatalogReads reads;
    private final Authentication authentication;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Sessions sessions;

    public AccessResource(
            Changes changes,
            CatalogReads reads,
            Authentication authentication,
            InstantSource clock) {
        this.changes = changes;
        this.reads = reads;
        this.authentication = authentication;
        this.clock = clock;
        this.sessions = new Sessions(changes, clock, random);
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("whoami", AccessResource::whoami);
        handlers.put(
                "createUser",
                call ->
                        changes.create(
                                call,
                                new AccessCommand.CreateUser(
                                        call.body().getString("name"), role(call))));
        handlers.put(
                "setRole",
                call ->
                        changes.apply(
                                call,
                                new AccessCommand.SetRole(
                                        call.pathValue("user"), role(call), call.expected())));
        handlers.put(
                "deleteUser",
                call ->
                        changes.apply(
                                call,
                                new AccessCommand.DeleteUser(
                                        call.pathValue("user"), call.expected())));
        handlers.put("createUserToken", this::createToken);
        handlers.put(
                "revokeUserToken",
                call ->
                        changes.apply(
                                call,
                                new AccessCommand.RevokeToken(
                                        new UserTokenKey(
                                                call.pathValue("user"), call.pathValue("token")))));
        handlers.put("createLoginLink", this::createLoginLink);
        handlers.put("login", this::login);
        handlers.put("logout", this::logout);
    }

    private static ApiReply whoami(ApiCall call) {
        Principal principal = call.principal();
        JsonObject body =
                new JsonObject()
                        .put("name", principal.name())
                        .put("actor", principal.actor().label())
                        .put("role", principal.role().name().toLowerCase(Locale.ROOT))
                        .put("via", principal.via().name().toLowerCase(Locale.ROOT));
        principal.token().ifPresent(token -> body.put("token", token));
        return ApiReply.ok(body);
    }

    private static Role role(ApiCall call) {
        return Role.valueOf(call.body().getString("role").toUpperCase(Locale.ROOT));
    }

    private ApiReply createToken(ApiCall call) {
        Instant expires =
                clock.instant()
                        .plusSeconds(call.body().getLong("expiresSeconds", TOKEN_SECONDS_STANDARD));
        String note = call.body().getString("note", "");
        if (note.equals(Authentication.LOGIN_LINK_NOTE)
                || note.equals(Authentication.SESSION_NOTE)) {
            throw new Problem(422, "invalid", "the note is reserved", "choose another note")
                    .exception();
        }
        UserToken token = UserToken.create(random);
        UserTokenKey key = new UserTokenKey(call.pathValue("user"), stableId(call, token.id()));
        return issue(call, key, token, expires, note);
    }

    /// A repetition under the same idempotency key names the same token, so that it does not make a
    /// second.
    private static String stableId(ApiCall call, String drawn) {
        return Changes.idempotencyKey(call)
                .map(key -> Sessions.idOf(key))
                .orElse(drawn);
    }

    private ApiReply issue(
            ApiCall call, UserTokenKey key, UserToken token, Instant expires, String note) {
        Sha256 hash = new Sha256(token.secret().hash().hex());
        CommandGateway.Answer answer =
                changes.accepted(
                        call,
                        new AccessCommand.CreateToken(key, hash, expires.toEpochMilli(), note));
        if (call.header(ApiHeaders.IDEMPOTENCY_KEY).isPresent()) {
            refuseSecretOfAnEarlierCall(call, key, hash, answer.index());
        }
        String text = "hfu1." + key.id() + token.text().substring(token.text().lastIndexOf('.'));
        return ApiReply.json(
                        201,
                        new JsonObject()
                                .put("user", key.user())
                                .put("id", key.id())
                                .put("token", text)
                                .put("expires", expires.toString())
                                .put("index", answer.index()))
                .withIndex(answer.index());
    }

    /// The secret is known to the first caller only; a repetition must not hand out one that opens
    /// nothing.
    private void refuseSecretOfAnEarlierCall(
            ApiCall call, UserTokenKey key, Sha256 hash, long index) {
        boolean isOurs =
                reads.get(
                                AccessCatalogs.USER_TOKENS,
                                key,
                                new Consistency.Session(index, call.remaining()))
                        .value()
                        .filter(stored -> stored.value().secretHash().equals(hash))
                        .isPresent();
        if (!isOurs) {
            throw new Problem(
                            409,
                            "already-issued",
                            "an earlier call with this key made the token; its secret was given out then",
                            "revoke the token " + key + " and make another under a new key")
                    .exception();
        }
    }

    private ApiReply createLoginLink(ApiCall call) {
        UserToken token = UserToken.create(random);
        Instant expires = clock.instant().plus(LINK_LIFETIME);
        UserTokenKey key = new UserTokenKey(user(call), token.id());
        changes.accepted(
                call,
                new AccessCommand.CreateToken(
                        key,
                        new Sha256(token.secret().hash().hex()),
                        expires.toEpochMilli(),
                        Authentication.LOGIN_LINK_NOTE));
        return ApiReply.json(
                201,
                new JsonObject()
                        .put("path", "/login?key=" + token.text())
                        .put("expires", expires.toString()));
    }

    private ApiReply login(ApiCall call) {
        Authentication.Known link = authentication.loginLink(call.queryValue("key").orElse(""));
        ApiCall asUser =
                Sessions.as(
                        call,
                        "/login",
                        link.key().user(),
                        link.role(),
                        Optional.of(link.key().id()));
        ApiReply opened = sessions.open(asUser, link.key().id());
        changes.accepted(asUser, new AccessCommand.RevokeToken(link.key()));
        return opened;
    }

    private ApiReply logout(ApiCall call) {
        Principal principal = call.principal();
        if (principal.via() == Principal.Via.COOKIE && principal.token().isPresent()) {
            changes.accepted(
                    call,
                    new AccessCommand.RevokeToken(
                            new UserTokenKey(principal.name(), principal.token().get())));
        }
        return ApiReply.empty(204).with("Set-Cookie", Cookies.clear());
    }

    private static String user(ApiCall call) {
        if (call.principal().actor() instanceof io.holdfast.gridstate.rule.Actor.User user) {
            return user.name();
        }
        throw new Problem(403, "forbidden", "a node has no use for a login link", "").exception();
    }
}
