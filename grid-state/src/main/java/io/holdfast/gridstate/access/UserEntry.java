package io.holdfast.gridstate.access;

import io.holdfast.gridstate.catalog.Check;

/// A user.
///
/// @param role what the user may do
/// @param tokenCount tokens that there are, revoked ones included
/// @param createdMillis when the user was made
public record UserEntry(Role role, int tokenCount, long createdMillis) {
    /// Tokens of one user.
    public static final int TOKENS_MAX = 64;

    public UserEntry {
        Check.range("a token count", tokenCount, 0, TOKENS_MAX);
        Check.notNegative("a time", createdMillis);
    }
}
