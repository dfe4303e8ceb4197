package io.holdfast.gridstate.application;

/// When an application is saved by itself, and what requests do meanwhile.
///
/// @param moment when
/// @param whileMaking what requests do that arrive while the snapshot is made
public record SnapshotPolicy(Moment moment, WhileMaking whileMaking) {
    public static final SnapshotPolicy STANDARD = new SnapshotPolicy(Moment.FIRST_REQUEST, WhileMaking.WAIT);

    /// When a snapshot is made without being asked for.
    public enum Moment {
        /// When the first request finds none, after the process is ready and before it handles the request.
        FIRST_REQUEST,
        /// Never.
        OFF
    }

    /// What requests do that arrive while the snapshot is made.
    public enum WhileMaking {
        /// They wait for it.
        WAIT,
        /// They are handled by an instance that was started without it, if the scaling has room for one.
        START_COLD
    }
}
