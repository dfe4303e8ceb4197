package io.holdfast.consensus.ratis;

import java.time.Instant;
import java.time.InstantSource;

/// A group's time on one peer: what a leader stamps entries with, and what a follower takes for the leader's
/// time. Implementations are concurrent.
public interface LedgerClock extends InstantSource {
    /// A leader's entry was just applied that has this time: the clock goes on from there.
    void follow(long timeMillis);

    /// The ledger has come this far, long ago perhaps: the clock goes on from there if it is behind.
    void passed(long timeMillis);

    /// A clock that nothing moves but itself.
    static LedgerClock unmoved(InstantSource clock) {
        return new LedgerClock() {
            @Override
            public void follow(long timeMillis) {
                // It is told the time by nobody.
            }

            @Override
            public void passed(long timeMillis) {
                // It is told the time by nobody.
            }

            @Override
            public Instant instant() {
                return clock.instant();
            }
        };
    }
}
