package io.holdfast.node.peerlink;

import io.holdfast.consensus.PeerId;

import java.time.Instant;

/// One look at the link to another node.
///
/// @param peer the other node
/// @param state IDLE, CONNECTING, UP or BACKING_OFF
/// @param since when it entered the state
/// @param reason why
/// @param outstandingCount requests that wait to be sent or answered
/// @param roundTripNanos the smoothed round trip of pings, 0 before the first
public record PeerLinkStatus(
        PeerId peer,
        State state,
        Instant since,
        String reason,
        int outstandingCount,
        long roundTripNanos) {
    /// What a link does at the moment.
    public enum State {
        /// Not connected, because nobody needs it.
        IDLE,
        /// Connecting, or connected and waiting for the greeting's answer.
        CONNECTING,
        UP,
        /// Not reachable; requests are refused until the next try.
        BACKING_OFF
    }
}
