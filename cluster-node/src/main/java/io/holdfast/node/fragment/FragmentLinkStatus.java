package io.holdfast.node.fragment;

import java.time.Instant;

/// One look at the link to another node's disks.
///
/// @param host the node's number
/// @param state what the link does
/// @param since when it entered the state
/// @param reason why
/// @param requestCount requests under way
public record FragmentLinkStatus(int host, State state, Instant since, String reason, int requestCount) {
    /// What a link does at the moment.
    public enum State {
        /// Not connected, because nobody needs it.
        IDLE,
        CONNECTING,
        UP,
        /// Not reachable; requests are refused until the next try.
        BACKING_OFF,
        CLOSED
    }
}
