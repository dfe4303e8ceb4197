package io.holdfast.gridstate.rule;

import io.holdfast.gridstate.catalog.Check;

/// On whose behalf a command was proposed.
public sealed interface Actor {
    /// A person or program with a credential of its own; what it does is audited.
    ///
    /// @param name the user's name
    record User(String name) implements Actor {
        public User {
            Check.name("a user's name", name);
        }
    }

    /// A node acting on its own account.
    ///
    /// @param name the node's name
    record Node(String name) implements Actor {
        public Node {
            Check.name("a node's name", name);
        }
    }

    /// The text by which logs and the audit name it.
    default String label() {
        return switch (this) {
            case User user -> "user/" + user.name();
            case Node node -> "node/" + node.name();
        };
    }
}
