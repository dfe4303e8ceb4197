package io.holdfast.node.http;

import java.time.Duration;

/// The bounds of the API. Every one of them is met by a test.
///
/// @param bodyBytesMax of one request
/// @param headerBytesMax of one request's headers together
/// @param lineBytesMax of a request line
/// @param connectionCountMax connections at a time
/// @param callCountMax calls at a time that are being answered
/// @param watchCountMax watches at a time
/// @param requestTimeout for a request's headers and body to come in, and for an idle connection
/// @param callTimeoutStandard how long a caller waits who does not say
/// @param callTimeoutMax how long a caller may wait
public record ApiLimits(
        int bodyBytesMax,
        int headerBytesMax,
        int lineBytesMax,
        int connectionCountMax,
        int callCountMax,
        int watchCountMax,
        Duration requestTimeout,
        Duration callTimeoutStandard,
        Duration callTimeoutMax) {

    public static ApiLimits standard() {
        return new ApiLimits(
                1024 * 1024,
                16 * 1024,
                8 * 1024,
                4_096,
                512,
                512,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));
    }

    /// The same but for what an operator may set.
    public ApiLimits with(
            int newBodyBytesMax,
            int newConnectionCountMax,
            int newWatchCountMax,
            Duration newRequestTimeout) {
        return new ApiLimits(
                newBodyBytesMax,
                headerBytesMax,
                lineBytesMax,
                newConnectionCountMax,
                callCountMax,
                newWatchCountMax,
                newRequestTimeout,
                callTimeoutStandard,
                callTimeoutMax);
    }
}
