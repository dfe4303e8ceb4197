package io.holdfast.gridstate.lease;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// A lease that was granted and not given back.
///
/// @param holder who holds it, until it expires
/// @param token greater than that of every grant before
/// @param expiresMillis when it may be granted to another
public record LeaseEntry(String holder, FencingToken token, long expiresMillis) {
    public LeaseEntry {
        Check.text("a lease's holder", holder, 127);
        Check.notNegative("a time", expiresMillis);
    }

    public boolean isHeldAt(long timeMillis) {
        return timeMillis < expiresMillis;
    }
}
