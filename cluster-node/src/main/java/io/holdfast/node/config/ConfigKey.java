package io.holdfast.node.config;

import java.util.Optional;

/// One key of the configuration: its name, what may be written, what stands if nothing is, and what it does.
///
/// @param defaultText empty when the key must be written
record ConfigKey<T>(String name, ConfigKind<T> kind, Optional<String> defaultText, String meaning) {
    static <T> ConfigKey<T> required(String name, ConfigKind<T> kind, String meaning) {
        return new ConfigKey<>(name, kind, Optional.empty(), meaning);
    }

    /// A key that need not be written; an empty default means nothing.
    static <T> ConfigKey<T> of(String name, ConfigKind<T> kind, String defaultText, String meaning) {
        return new ConfigKey<>(name, kind, Optional.of(defaultText), meaning);
    }

    /// The section is what stands before the first dot; keys of no section are the node's own.
    String section() {
        int dot = name.indexOf('.');
        return dot < 0 ? "node" : name.substring(0, dot);
    }
}
