package io.holdfast.node.http.auth;

import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserEntry;
import io.holdfast.gridstate.access.UserTokenEntry;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.Principal;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.UserToken;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds out who calls. Concurrent: the cache is guarded by its own lock.
public final class Authentication {
    /// The cookie of the web UI; the prefix makes browsers insist on HTTPS, this host and the path
    /// `/`.
    public static final String COOKIE = "__Host-holdfast";

    /// A token with this note opens a session once and does nothing else.
    public static final String LOGIN_LINK_NOTE = "login-link";

    /// A token with this note is what a browser's cookie holds.
    public static final String SESSION_NOTE = "web-session";

    private static final int CACHE_COUNT_MAX = 1_024;
    private static final String BEARER = "Bearer ";

    private final CatalogReads reads;
    private final InstantSource clock;
    private final Map<Sha256, Known> cache =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Sha256, Known> eldest) {
                    return size() > CACHE_COUNT_MAX;
                }
            };

    /// A token as the ledger has it.
    ///
    /// @param index the applied index when it was looked up; an answer holds while nothing was
    /// applied since
    public record Known(UserTokenKey key, UserTokenEntry token, Role role, long index) {}

    public Authentication(CatalogReads reads, InstantSource clock) {
        this.reads = reads;
        this.clock = clock;
    }

    /// Who calls; empty for nobody. A credential that is not good is a problem, not nobody.
    public Optional<Principal> identify(
            Function<String, @Nullable String> headers,
            Optional<ClusterCertificate> certificate,
            boolean isChange) {
        String authorization = headers.apply("Authorization");
        if (authorization != null) {
            return Optional.of(byToken(authorization));
        }
        if (certificate.isPresent()) {
            return Optional.of(byCertificate(certificate.get()));
        }
        Optional<String> cookie = Cookies.find(headers.apply("Cookie"), COOKIE);
        if (cookie.isPresent()) {
            Principal principal = principal(good(cookie.get(), SESSION_NOTE), Principal.Via.COOKIE);
            if (isChange) {
                Cookies.refuseForgery(headers);
            }
            return Optional.of(principal);
        }
        return Optional.empty();
    }

    /// The token that a login link carries.
    public Known loginLink(String text) {
        return good(text, LOGIN_LINK_NOTE);
    }

    private Principal byToken(String authorization) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw refused("the API knows bearer tokens only");
        }
        Known known = find(authorization.substring(BEARER.length()).strip());
        if (known.token().note().equals(LOGIN_LINK_NOTE)
                || known.token().note().equals(SESSION_NOTE)) {
            throw refused("a login link or session is not a bearer token");
        }
        return principal(known, Principal.Via.TOKEN);
    }

    private Principal byCertificate(ClusterCertificate certificate) {
        if (certificate.kind() == ClusterCertificate.Kind.NODE) {
            return new Principal(
                    new Actor.Node(certificate.name()),
                    Role.VIEWER,
                    Optional.empty(),
                    Principal.Via.CERTIFICATE);
        }
        UserEntry user =
                reads.get(AccessCatalogs.USERS, certificate.name(), new Consistency.Local())
                        .value()
                        .map(Versioned::value)
                        .orElseThrow(() -> refused("the certificate's user does not exist"));
        return new Principal(
                new Actor.User(certificate.name()),
                user.role(),
                Optional.empty(),
                Principal.Via.CERTIFICATE);
    }

    private static Principal principal(Known known, Principal.Via via) {
        return new Principal(
                new Actor.User(known.key().user()),
                known.role(),
                Optional.of(known.key().id()),
                via);
    }

    private Known good(String text, String note) {
        Known known = find(text);
        if (!known.token().note().equals(note)) {
            throw refused("the token is for something else");
        }
        return known;
    }

    private Known find(String text) {
        UserToken shown;
        try {
            shown = UserToken.parse(text);
        } catch (InvalidIdentityException e) {
            throw refused("the token is malformed");
        }
        Sha256 hash = new Sha256(shown.secret().hash().hex());
        Known known = cached(hash);
        if (known == null
                || !known.key().id().equals(shown.id())
                || !known.token().isGoodAt(clock.millis())) {
            throw refused("the token is unknown, revoked or expired");
        }
        return known;
    }

    private @Nullable Known cached(Sha256 hash) {
        long index = reads.localIndex();
        synchronized (cache) {
            Known known = cache.get(hash);
            if (known != null && known.index() == index) {
                return known;
            }
        }
        Known known = lookUp(hash, index);
        synchronized (cache) {
            if (known == null) {
                cache.remove(hash);
            } else {
                cache.put(hash, known);
            }
        }
        return known;
    }

    private @Nullable Known lookUp(Sha256 hash, long index) {
        Consistency local = new Consistency.Local();
        UserTokenKey key =
                reads.get(AccessCatalogs.TOKEN_HASHES, hash, local)
                        .value()
                        .map(Versioned::value)
                        .orElse(null);
        if (key == null) {
            return null;
        }
        UserTokenEntry token =
                reads.get(AccessCatalogs.USER_TOKENS, key, local)
                        .value()
                        .map(Versioned::value)
                        .orElse(null);
        UserEntry user =
                reads.get(AccessCatalogs.USERS, key.user(), local)
                        .value()
                        .map(Versioned::value)
                        .orElse(null);
        return token == null || user == null ? null : new Known(key, token, user.role(), index);
    }

    private static io.holdfast.node.http.exchange.ProblemException refused(String detail) {
        return new Problem(
                        401,
                        "unauthenticated",
                        detail,
                        "send 'Authorization: Bearer <token>'; an admin makes tokens:"
                                + " holdfast user token create")
                .exception();
    }

    /// What somebody without any credential hears where one is needed.
    public static Problem missing() {
        return new Problem(
                401,
                "unauthenticated",
                "the call needs a credential",
                "send 'Authorization: Bearer <token>', or show a certificate of this cluster; "
                        + ApiHeaders.REQUEST_ID
                        + " names the call in the logs");
    }
}
