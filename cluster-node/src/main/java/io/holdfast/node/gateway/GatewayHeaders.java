package io.holdfast.node.gateway;

import io.holdfast.node.http.auth.Authentication;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/// Which headers pass the gateway, and which it adds.
final class GatewayHeaders {
    /// On requests between nodes: the node that passes the request on.
    static final String PASSED_ON_BY = "Holdfast-Passed-On-By";

    /// On answers between nodes: the request reached no instance.
    static final String NOT_HANDLED = "Holdfast-Not-Handled";

    /// On answers: how the instance came to be ready, if the request had to wait for it.
    static final String START = "Holdfast-Start";

    private static final String USER_TOKEN_PREFIX = "bearer hfu1.";

    /// What is between two neighbours only (RFC 9110, section 7.6.1).
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
            "trailer", "transfer-encoding", "upgrade", "expect", "http2-settings");

    private static final Set<String> OWN = Set.of("holdfast-passed-on-by", "holdfast-not-handled");

    /// Applications share the origin of the web UI: what they answer must not act in its name.
    private static final String SANDBOX =
            "sandbox allow-scripts allow-forms allow-downloads allow-modals allow-popups";

    private GatewayHeaders() {}

    /// Copies what an application may see of a request.
    static void copyRequest(HttpServerRequest from, MultiMap to, GatewayPath path, boolean isFromNode) {
        for (Map.Entry<String, String> header : from.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean isForged = name.startsWith("x-forwarded-") && !isFromNode;
            if (passes(name) && !name.equals("host") && !isForged
                    && !isClusterToken(name, header.getValue())) {
                copyOne(name, header.getValue(), to);
            }
        }
        if (!isFromNode) {
            tellOrigin(from, to, path);
        }
    }

    private static void copyOne(String name, String value, MultiMap to) {
        String kept = name.equals("cookie") ? withoutSession(value) : value;
        if (!kept.isEmpty() || !name.equals("cookie")) {
            to.add(name, kept);
        }
    }

    private static boolean isClusterToken(String name, String value) {
        return name.equals("authorization")
                && value.toLowerCase(Locale.ROOT).startsWith(USER_TOKEN_PREFIX);
    }

    private static void tellOrigin(HttpServerRequest from, MultiMap to, GatewayPath path) {
        to.set("X-Forwarded-Proto", "https");
        to.set("X-Forwarded-Prefix", path.prefix());
        var authority = from.authority();
        if (authority != null) {
            to.set("X-Forwarded-Host", authority.toString());
        }
        var address = from.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        if (host != null) {
            to.set("X-Forwarded-For", host);
        }
    }

    /// Copies what a caller may see of an answer.
    static void copyResponse(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean isOurCookie =
                    name.equals("set-cookie") && header.getValue().startsWith(Authentication.COOKIE);
            if (passes(name) && !isOurCookie) {
                to.add(header.getKey(), header.getValue());
            }
        }
        if (!to.contains("Content-Security-Policy", SANDBOX, true)) {
            to.add("Content-Security-Policy", SANDBOX);
        }
    }

    private static boolean passes(String name) {
        return !HOP_BY_HOP.contains(name) && !OWN.contains(name) && !name.startsWith(":");
    }

    private static String withoutSession(String cookies) {
        StringJoiner kept = new StringJoiner("; ");
        for (String cookie : List.of(cookies.split(";", -1))) {
            if (!cookie.strip().startsWith(Authentication.COOKIE + "=")) {
                kept.add(cookie.strip());
            }
        }
        return kept.toString();
    }
}
