package io.holdfast.node.app;

import java.util.Locale;

/// How an instance came to handle requests.
public enum StartKind {
    /// Its program was started.
    COLD,
    /// It goes on from a snapshot.
    RESTORED,
    /// It stood still here and goes on.
    THAWED,
    /// It ran already when this node started.
    ADOPTED;

    /// Whether it goes on with the memory that it had, for a request that waits for just that.
    boolean goesOn() {
        return this == RESTORED || this == THAWED;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
