package io.holdfast.node.fragment;

import java.time.Duration;

/// The bounds of fragment traffic.
///
/// @param requestCountMax requests of one connection that are under way
/// @param requestBytesMax their bytes, those of answers to reads included
/// @param serverBytesMax bytes under way of all connections of a server
/// @param connectionCountMax connections that a server accepts
/// @param times how long things may take
public record FragmentLimits(
        int requestCountMax, long requestBytesMax, int serverBytesMax, int connectionCountMax, Times times) {
    /// 4,096 requests and 64 MiB per connection, 256 MiB per server, 1,024 connections.
    public static final FragmentLimits DEFAULT =
            new FragmentLimits(4_096, 64L << 20, 256 << 20, 1_024, Times.DEFAULT);

    /// How long things may take.
    ///
    /// @param connect for the connection, and again for handshake and greeting
    /// @param request for an answer
    /// @param silence without a byte from a peer that is asked something; it is pinged meanwhile
    /// @param idle after which an unused connection is given up
    /// @param backOffMin the first pause after a failed attempt to connect
    /// @param backOffMax the longest
    public record Times(
            Duration connect,
            Duration request,
            Duration silence,
            Duration idle,
            Duration backOffMin,
            Duration backOffMax) {
        /// A dead process is noticed at once, since its host resets the connection; silence is what a dead
        /// or unreachable host looks like. Two seconds of it, since a busy host stalls for one.
        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(2),
                Duration.ofMillis(50),
                Duration.ofSeconds(1));
    }
}
