package io.holdfast.node.http.oidc;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.port.SignOnFailedException;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes a user out of what a provider claims. Immutable.
final class UserMapping {
    private final OidcSettings.UserRule rule;

    UserMapping(OidcSettings.UserRule rule) {
        this.rule = rule;
    }

    SignOn.Identity identity(Map<String, Object> claims) {
        if (!(claims.get(rule.nameClaim()) instanceof String name) || name.isEmpty()) {
            throw new SignOnFailedException(
                    SignOnFailedException.Reason.INVALID,
                    "the identity has no name: claim=" + rule.nameClaim());
        }
        String user = rule.prefix() + name;
        Role role = role(claims).orElseThrow(() -> new SignOnFailedException(
                SignOnFailedException.Reason.NO_ROLE,
                "no role follows from the identity: user=" + user + " claim=" + rule.roleClaim()));
        return new SignOn.Identity(user, role);
    }

    private Optional<Role> role(Map<String, Object> claims) {
        return values(claims)
                .flatMap(value -> Optional.ofNullable(rule.roles().get(value)).stream())
                .max(Role::compareTo);
    }

    /// A claim is a text or a list of them; which of them, a name with dots in it may say itself or lead to.
    private Stream<String> values(Map<String, Object> claims) {
        Object found = claims.containsKey(rule.roleClaim())
                ? claims.get(rule.roleClaim())
                : follow(claims, List.of(rule.roleClaim().split("\\.")));
        return switch (found) {
            case String text -> Stream.of(text);
            case Collection<?> all ->
                    all.stream().filter(String.class::isInstance).map(String.class::cast);
            case null, default -> Stream.empty();
        };
    }

    private static @Nullable Object follow(Map<?, ?> claims, List<String> path) {
        Object here = claims;
        for (String step : path) {
            here = here instanceof Map<?, ?> object ? object.get(step) : null;
        }
        return here;
    }
}
