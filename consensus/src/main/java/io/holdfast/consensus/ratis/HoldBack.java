package io.holdfast.consensus.ratis;

/// How long the next entry waits for callers that were just answered. Guarded by its owner's monitor.
///
/// Those who were answered together ask again almost together. If the first of them were sent alone, entries
/// of one command and of all others would take turns, and many callers would fill half of each. So as many
/// are expected as were answered and waited then, for at most the time that the entry before took: nobody
/// waits longer than behind another entry. Where most of them do not come, because they had nothing more to
/// ask, the time is halved each time, and doubled again when they do.
final class HoldBack {
    private static final long NANOS_MAX = 2_000_000;
    private static final int TRUST_MAX = 16;

    private int waiting;
    private int expected;
    private long untilNanos;
    private int trust = TRUST_MAX;

    /// Callers are about to be answered.
    ///
    /// @param answered how many
    /// @param queued how many wait already
    /// @param tookNanos how long the entry of those who are answered took
    /// @return nanoseconds that an entry is held back for, or 0 if nobody is waited for
    long begin(int answered, int queued, long tookNanos, long nowNanos) {
        waiting = queued;
        expected = answered + queued;
        if (expected == 1) {
            return 0;
        }
        long nanos = Math.clamp(tookNanos, 0, NANOS_MAX) * trust / TRUST_MAX;
        untilNanos = nowNanos + nanos;
        return nanos;
    }

    /// True while more are expected than wait.
    boolean isOn(int queued, long nowNanos) {
        return queued < expected && untilNanos - nowNanos > 0;
    }

    /// An entry is sent with those who wait.
    void end(int queued) {
        if (expected > 1) {
            boolean wasWorthIt = (queued - waiting) * 2 >= expected - waiting;
            trust = wasWorthIt ? Math.min(TRUST_MAX, trust * 2) : Math.max(1, trust / 2);
        }
        expected = 0;
    }
}
