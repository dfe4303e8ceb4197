package io.holdfast.hostio.nbd;

import java.time.Duration;

/// The bounds of a server.
///
/// @param connectionCountMax further clients are turned away
/// @param requestBytesMax the largest read or write
/// @param requestCountMaxPerConnection requests in flight; a client with more waits
/// @param byteCountMaxPerConnection bytes in flight; above it requests are carried out in pieces
/// @param byteCountMax bytes in flight of all connections; above it requests are carried out in pieces
/// @param times how long things may take
public record NbdLimits(
        int connectionCountMax,
        int requestBytesMax,
        int requestCountMaxPerConnection,
        long byteCountMaxPerConnection,
        long byteCountMax,
        Times times) {
    /// 256 connections, 32 MiB per request, 128 requests and 64 MiB per connection, 512 MiB in all.
    public static final NbdLimits DEFAULT =
            new NbdLimits(256, 32 << 20, 128, 64L << 20, 512L << 20, Times.DEFAULT);

    public NbdLimits {
        if (connectionCountMax < 1 || requestCountMaxPerConnection < 1) {
            throw new IllegalArgumentException("a server serves somebody: connectionCountMax="
                    + connectionCountMax + " requestCountMaxPerConnection=" + requestCountMaxPerConnection);
        }
        if (requestBytesMax < 1 << 16 || requestBytesMax > 32 << 20) {
            throw new IllegalArgumentException("a request is at most 64 KiB to 32 MiB: requestBytesMax="
                    + requestBytesMax);
        }
    }

    /// These bounds with other times.
    public NbdLimits withTimes(Times other) {
        return new NbdLimits(connectionCountMax, requestBytesMax, requestCountMaxPerConnection,
                byteCountMaxPerConnection, byteCountMax, other);
    }

    /// How long things may take; measured in steps of half a second.
    ///
    /// @param handshake from accepting a client to its first request
    /// @param stall for one reply to be taken, or for the rest of a begun request to come
    /// @param idle without any request; zero is for ever
    /// @param drain for requests in flight when the server or an export is closed
    public record Times(Duration handshake, Duration stall, Duration idle, Duration drain) {
        /// 10 s, 60 s, for ever, 10 s.
        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ZERO, Duration.ofSeconds(10));
    }
}
