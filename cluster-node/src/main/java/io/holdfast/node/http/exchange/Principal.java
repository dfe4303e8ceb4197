package io.holdfast.node.http.exchange;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.rule.Actor;

import java.util.Optional;

/// Who calls, and what they may do.
///
/// @param actor the user or node
/// @param role the user's role; a node reads what a viewer reads
/// @param token the id of the token that was shown, if one was
/// @param via how they proved it
public record Principal(Actor actor, Role role, Optional<String> token, Via via) {
    /// How somebody proved who they are.
    public enum Via {
        TOKEN,
        COOKIE,
        CERTIFICATE
    }

    public boolean mayActAs(Role needed) {
        return role.compareTo(needed) >= 0;
    }

    public String name() {
        return switch (actor) {
            case Actor.User user -> user.name();
            case Actor.Node node -> node.name();
        };
    }
}
