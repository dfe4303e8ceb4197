package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;

/// A right to join, used up by the node that joins with it. The secret itself is nowhere in the ledger.
///
/// @param secretHash of the secret part
/// @param expiresMillis when it is no longer good
/// @param createdBy who made it
public record JoinTokenEntry(Sha256 secretHash, long expiresMillis, String createdBy) {
    public JoinTokenEntry {
        Check.notNegative("a time", expiresMillis);
        Check.text("a creator", createdBy, 80);
    }
}
