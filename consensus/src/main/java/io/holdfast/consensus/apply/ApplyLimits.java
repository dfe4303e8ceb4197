package io.holdfast.consensus.apply;

import io.holdfast.consensus.history.HistoryRetention;

/// How much is remembered. All peers of a group must be given the same session limits, because what is
/// remembered decides what is applied.
///
/// @param sessionIdleMillis ledger time after which an unused session is forgotten
/// @param sessionsMax sessions remembered; the one unused for longest goes first
/// @param sessionResultBytesMax bytes of results remembered over all sessions; again the longest unused
/// session goes first
/// @param history how much history is kept
public record ApplyLimits(
        long sessionIdleMillis, int sessionsMax, long sessionResultBytesMax, HistoryRetention history) {
    public ApplyLimits {
        if (sessionIdleMillis < 1 || sessionsMax < 1 || sessionResultBytesMax < 1) {
            throw new IllegalArgumentException("session limits are at least 1: sessionIdleMillis="
                    + sessionIdleMillis + " sessionsMax=" + sessionsMax + " sessionResultBytesMax="
                    + sessionResultBytesMax);
        }
    }
}
