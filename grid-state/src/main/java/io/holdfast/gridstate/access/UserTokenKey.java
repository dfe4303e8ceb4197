package io.holdfast.gridstate.access;

import io.holdfast.gridstate.catalog.Check;

/// A token of a user; written `user/id`.
///
/// @param user whose it is
/// @param id unique for the user; not secret
public record UserTokenKey(String user, String id) {
    public UserTokenKey {
        Check.name("a user's name", user);
        Check.name("a token's id", id);
    }

    /// Reads what [#toString()] writes.
    public static UserTokenKey parse(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a user's token is written user/id");
        }
        return new UserTokenKey(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return user + "/" + id;
    }
}
