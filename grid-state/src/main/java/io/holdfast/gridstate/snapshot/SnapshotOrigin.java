package io.holdfast.gridstate.snapshot;

import java.util.Locale;

/// Why a snapshot was made. New ones are appended: their order is part of the wire format.
public enum SnapshotOrigin {
    /// Somebody asked for it.
    ASKED,
    /// The application was ready and had none; no request had been handled by then.
    FIRST_REQUEST,
    /// The instance had nothing to do and was put to sleep.
    IDLE,
    /// The instance had to leave its node.
    MOVE;

    /// The name by which queries and the API know it.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
