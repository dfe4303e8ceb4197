package io.holdfast.node.http.auth;

import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.Problem;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The web UI's cookies.
public final class Cookies {
    private static final int COOKIE_COUNT_MAX = 64;
    private static final String ATTEMPT = "__Host-holdfast-attempt";
    private static final Duration ATTEMPT_LIFETIME = Duration.ofMinutes(10);

    private Cookies() {}

    /// The attempt at a login that began in this browser.
    public static Optional<String> attempt(String header) {
        return find(header, ATTEMPT);
    }

    /// Keeps an attempt while the browser is elsewhere. Lax: the way back is another site's.
    public static String setAttempt(String attempt) {
        return ATTEMPT + "=" + attempt + "; Path=/; Max-Age=" + ATTEMPT_LIFETIME.toSeconds()
                + "; Secure; HttpOnly; SameSite=Lax";
    }

    static Optional<String> find(@Nullable String header, String name) {
        if (header == null) {
            return Optional.empty();
        }
        for (String pair : List.of(header.split(";", COOKIE_COUNT_MAX))) {
            String trimmed = pair.strip();
            if (trimmed.startsWith(name + "=")) {
                return Optional.of(trimmed.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    /// Sets the cookie. Strict: no request that another site caused carries it.
    public static String set(String token, Duration lifetime) {
        return Authentication.COOKIE
                + "="
                + token
                + "; Path=/; Max-Age="
                + lifetime.toSeconds()
                + "; Secure; HttpOnly; SameSite=Strict";
    }

    public static String clear() {
        return Authentication.COOKIE + "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict";
    }

    /// A change that is authenticated by cookie carries a header that pages of other origins cannot
    /// send, and comes from this origin if the browser says where it comes from.
    static void refuseForgery(Function<String, @Nullable String> headers) {
        String origin = headers.apply("Origin");
        String host = headers.apply(":authority");
        boolean isForeign = origin != null && host != null && !origin.equals("https://" + host);
        if (headers.apply(ApiHeaders.CSRF) == null || isForeign) {
            throw new Problem(
                            403,
                            "cross-site",
                            "a change with a cookie needs the header "
                                    + ApiHeaders.CSRF
                                    + " and comes from the UI's own origin",
                            "")
                    .exception();
        }
    }
}
