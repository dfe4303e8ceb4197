package io.holdfast.gridstate.access;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;

/// A credential of a user.
///
/// @param secretHash of the secret, by which it is looked up
/// @param expiresMillis when it is no longer good; `Long.MAX_VALUE` if never
/// @param isRevoked whether it was taken back
/// @param note what it is for
/// @param createdMillis when it was made
public record UserTokenEntry(
        Sha256 secretHash, long expiresMillis, boolean isRevoked, String note, long createdMillis) {
    public UserTokenEntry {
        Check.notNegative("a time", expiresMillis);
        Check.note("a note", note, 255);
        Check.notNegative("a time", createdMillis);
    }

    public boolean isGoodAt(long timeMillis) {
        return !isRevoked && timeMillis < expiresMillis;
    }
}
