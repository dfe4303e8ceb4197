package io.holdfast.node.http;

import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// A request on its way: the connection's event loop reads it, a virtual thread answers it. Headers
/// are immutable once it is here; replies are handed back to the event loop.
///
/// @param http the request
/// @param connection what it came over
/// @param context the event loop
/// @param id names it in logs and problems
/// @param deadlineNanos until when the caller waits
record ApiRequest(
        HttpServerRequest http,
        ApiConnection connection,
        Context context,
        String id,
        long deadlineNanos) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    static ApiRequest of(HttpServerRequest http, ApiConnection connection, ApiLimits limits) {
        String given = http.getHeader(ApiHeaders.REQUEST_ID);
        String id =
                given != null && ID.matcher(given).matches()
                        ? given
                        : Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        Duration patience = patience(http.getHeader(ApiHeaders.TIMEOUT), limits);
        Context context =
                Objects.requireNonNull(Vertx.currentContext(), "requests come on an event loop");
        return new ApiRequest(
                http, connection, context, id, System.nanoTime() + patience.toNanos());
    }

    /// A header's value; `:authority` is the host that the request is for.
    @Nullable String header(String name) {
        if (name.equals(":authority")) {
            var authority = http.authority();
            return authority == null ? null : authority.toString();
        }
        return http.getHeader(name);
    }

    boolean hasCredential() {
        String cookie = http.getHeader("Cookie");
        return http.getHeader("Authorization") != null
                || connection.certificate().isPresent()
                || (cookie != null && cookie.contains(Authentication.COOKIE));
    }

    /// The caller's address, without the port.
    String address() {
        var address = http.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "-" : host;
    }

    void reply(ApiReply reply) {
        if (context.equals(Vertx.currentContext())) {
            HttpReplies.send(http, reply, id);
        } else {
            context.runOnContext(_ -> HttpReplies.send(http, reply, id));
        }
    }

    private static Duration patience(@Nullable String text, ApiLimits limits) {
        if (text == null) {
            return limits.callTimeoutStandard();
        }
        try {
            long millis = Math.clamp(Long.parseLong(text), 1, limits.callTimeoutMax().toMillis());
            return Duration.ofMillis(millis);
        } catch (NumberFormatException e) {
            return limits.callTimeoutStandard();
        }
    }
}
