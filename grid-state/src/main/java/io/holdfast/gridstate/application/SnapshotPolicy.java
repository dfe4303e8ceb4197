package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// When an application is saved by itself, and what requests do meanwhile.
///
/// @param moment when
/// @param whileMaking what requests do that arrive while the snapshot is made
/// @param poolCount frozen copies of the newest snapshot that a node keeps ready, where the application runs
///     or did lately
/// @param keepsApart whether the copies share no memory; else the host's kernel may keep equal pages of the
///     tenant's copies once, which is a way for one of them to find out what is in another
public record SnapshotPolicy(
        Moment moment, WhileMaking whileMaking, int poolCount, boolean keepsApart) {
    /// Frozen copies of one application on one node.
    public static final int POOL_COUNT_MAX = 100;

    public static final SnapshotPolicy STANDARD =
            new SnapshotPolicy(Moment.FIRST_REQUEST, WhileMaking.WAIT, 0);

    /// A policy whose copies may share memory.
    public SnapshotPolicy(Moment moment, WhileMaking whileMaking, int poolCount) {
        this(moment, whileMaking, poolCount, false);
    }

    public SnapshotPolicy {
        Check.range("a count of frozen copies", poolCount, 0, POOL_COUNT_MAX);
    }

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
