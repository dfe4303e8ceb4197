package io.holdfast.node.snapshot;

import java.io.IOException;

/// What was found is not what was stored: condemn the snapshot, start cold.
public final class SnapshotDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public SnapshotDamagedException(String message) {
        super(message);
    }

    public SnapshotDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
