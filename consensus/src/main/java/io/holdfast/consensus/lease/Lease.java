package io.holdfast.consensus.lease;

import io.holdfast.consensus.FencingToken;

/// A lease as it was last given.
///
/// @param name what it is for
/// @param holder who was given it
/// @param token grows with each holder and each new term of a holder, never with a renewal
/// @param expiresMillis ledger time from which on somebody else may take it
public record Lease(String name, String holder, FencingToken token, long expiresMillis) {
    /// Whether it still binds at a ledger time.
    public boolean isHeldAt(long timeMillis) {
        return timeMillis < expiresMillis;
    }
}
