package io.holdfast.node.peerlink;

import java.time.Duration;

/// The bounds of peer links.
///
/// @param outstandingCountMax requests of one connection that wait for their answers, 1 to 65,536
/// @param outstandingBytesMax the bytes of their commands and arguments
/// @param connectionCountMax connections that a server accepts
/// @param connectTimeout for the connection, the handshake and the greeting
/// @param proposalTimeout after which a proposal's outcome counts as unknown
/// @param silenceMax after which a connection over which nothing came is cut; pings keep it up
public record PeerLimits(
        int outstandingCountMax,
        long outstandingBytesMax,
        int connectionCountMax,
        Duration connectTimeout,
        Duration proposalTimeout,
        Duration silenceMax) {
    private static final int OUTSTANDING_COUNT_LIMIT = 1 << 16;

    public PeerLimits {
        if (outstandingCountMax < 1 || outstandingCountMax > OUTSTANDING_COUNT_LIMIT) {
            throw new IllegalArgumentException(
                    "1 to "
                            + OUTSTANDING_COUNT_LIMIT
                            + " requests are outstanding: count="
                            + outstandingCountMax);
        }
    }

    /// For clusters of up to a thousand nodes: one 4 KiB command in each of 4,096 places, or 16 of
    /// the largest.
    public static PeerLimits standard() {
        return new PeerLimits(
                4_096,
                16L * 1024 * 1024,
                2_048,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
    }
}
