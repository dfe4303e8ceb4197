package io.holdfast.chaos.sandbox;

import java.util.List;

/// Who makes the namespaces.
public enum Identity {
    /// The system's root.
    ROOT,
    /// Anybody: a user namespace in which the caller appears as root.
    USER_NAMESPACE;

    List<String> unshareOptions() {
        return switch (this) {
            case ROOT -> List.of();
            case USER_NAMESPACE -> List.of("--user", "--map-root-user");
        };
    }

    /// Root where the caller is root.
    public static Identity ofCaller() {
        return "root".equals(System.getProperty("user.name")) ? ROOT : USER_NAMESPACE;
    }
}
