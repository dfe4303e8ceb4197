package io.holdfast.hostio.container;

import java.time.Duration;

/// How a checkpoint is made.
///
/// @param after what becomes of the container; on failure it goes on unharmed either way
/// @param keepsConnections whether established TCP connections are saved; without this they are an obstacle
///     when they lead outside, and always saved when both ends are inside
/// @param deadline for everything but the cut, which has its own; after it, it is as if nothing had been
///     asked for
public record CheckpointOptions(After after, boolean keepsConnections, Duration deadline) {
    /// It goes on, connections to the outside are closed first by the other side or refused, 15 seconds.
    public static final CheckpointOptions DEFAULT =
            new CheckpointOptions(After.GO_ON, false, Duration.ofSeconds(15));

    /// What becomes of a container once its checkpoint is made.
    public enum After {
        GO_ON,
        STAY_FROZEN,
        END
    }

    public CheckpointOptions withAfter(After changed) {
        return new CheckpointOptions(changed, keepsConnections, deadline);
    }

    public CheckpointOptions withConnections(boolean changed) {
        return new CheckpointOptions(after, changed, deadline);
    }
}
