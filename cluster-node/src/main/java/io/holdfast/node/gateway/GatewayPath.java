package io.holdfast.node.gateway;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.AppGateway;
import java.util.Optional;

/// The target of a request to an application, taken apart.
///
/// @param application which
/// @param prefix what the application does not see, such as `/apps/shop`
/// @param rest what it sees: path and query as they came
record GatewayPath(ApplicationKey application, String prefix, String rest) {
    /// The tenant of applications that are named without one.
    static final String TENANT_STANDARD = "default";

    /// Takes a request's target apart; empty if it names no application.
    static Optional<GatewayPath> parse(String target) {
        if (!target.startsWith(AppGateway.PREFIX)) {
            return Optional.empty();
        }
        int begin = AppGateway.PREFIX.length();
        int end = begin;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String name = target.substring(begin, end);
        String rest = target.substring(end);
        int tilde = name.indexOf('~');
        try {
            ApplicationKey key = tilde < 0
                    ? new ApplicationKey(TENANT_STANDARD, name)
                    : new ApplicationKey(name.substring(0, tilde), name.substring(tilde + 1));
            String seen = rest.startsWith("/") ? rest : "/" + rest;
            return Optional.of(new GatewayPath(key, target.substring(0, end), seen));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }
}
